import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";
import type { ApplicationSettings } from "../schema";

/** A maintenance has an end, after its beginning, and something that the public reaches to close. */
export function maintenanceMistakes(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.applications).flatMap(([key, application]) =>
    oneMaintenance(checkable, ["applications", key, "maintenance"], application),
  );
}

function oneMaintenance(
  checkable: Checkable,
  path: readonly PropertyKey[],
  { maintenance, processes }: ApplicationSettings,
): Mistake[] {
  const { from, until } = maintenance;
  const hosted = Object.values(processes).some(({ host }) => host !== undefined);
  if (until !== undefined && !hosted)
    return [
      mistakeAt(checkable, path, {
        found: "a maintenance of an application without a host",
        allowed: "a maintenance of what the public reaches",
        remedy: "give one of its processes a host, or set its count to 0 to stop it",
      }),
    ];
  if (from === undefined || (until !== undefined && from < until)) return [];
  return [
    mistakeAt(checkable, [...path, until === undefined ? "from" : "until"], {
      found: shown(until ?? from),
      allowed: `a beginning with an end after it: it begins at ${from}`,
      remedy: until === undefined ? "add until: it ends by itself then" : "name a later end",
    }),
  ];
}
