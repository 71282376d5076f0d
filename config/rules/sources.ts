import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";
import type { ApplicationSettings, SourceSettings } from "../schema";

/** A source is made of what the application receives, and has a check that can be run without anybody being asked. */
export function sourceMistakes(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.applications).flatMap(([key, application]) =>
    Object.entries(application.sources).flatMap(([source, said]) => [
      ...variables(checkable, ["applications", key, "sources", source], application, said),
      ...check(checkable, ["applications", key, "sources", source, "check"], key, said),
    ]),
  );
}

function variables(
  checkable: Checkable,
  path: readonly PropertyKey[],
  application: ApplicationSettings,
  { variables }: SourceSettings,
): Mistake[] {
  const received = Object.keys({ ...application.variables, ...application.secrets });
  return variables.flatMap((name, index) =>
    received.includes(name)
      ? []
      : [
          mistakeAt(checkable, [...path, "variables", index], {
            found: shown(name),
            allowed:
              received.length > 0
                ? `one of the application's own variables and secrets: ${received.sort().join(", ")}`
                : "a variable or secret of the application, and it has none",
            remedy: `declare ${name} under its variables or secrets, or name one that is there`,
          }),
        ],
  );
}

function check(
  checkable: Checkable,
  path: readonly PropertyKey[],
  application: string,
  { check }: SourceSettings,
): Mistake[] {
  const job = checkable.settings.jobs[check];
  const asked = Object.entries(job?.inputs ?? {}).filter(([, input]) => input.default === undefined);
  if (job?.application === application && asked.length === 0) return [];
  return [
    mistakeAt(checkable, path, {
      found:
        job === undefined
          ? shown(check)
          : job.application !== application
            ? `a job of ${job.application}`
            : `a job that asks for ${asked.map(([name]) => name).join(", ")}`,
      allowed: `a job of ${application} that asks for nothing without a default`,
      remedy: "declare such a job under jobs: it is run with the source's new values",
    }),
  ];
}
