import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";

function nobodyServes(checkable: Checkable): Mistake {
  return mistakeAt(checkable, ["applications"], {
    found: "no process with a host",
    allowed: "at least one process that the public reaches",
    remedy:
      "give a process its host, or remove network and databases: workers or a database alone have no component yet",
  });
}

interface Place {
  readonly host: string;
  readonly path: readonly PropertyKey[];
}

/** A host leads to one process or site, and belongs to the zone. */
export function hostMistakes(checkable: Checkable): Mistake[] {
  const { settings } = checkable;
  const served = allHosts(settings.applications);
  const places = [...served, ...siteHosts(settings.sites)];
  const outside = places.filter(
    ({ host }) => host !== settings.zone.name && !host.endsWith(`.${settings.zone.name}`),
  );
  const twice = places.filter((place, index) => places.findIndex(({ host }) => host === place.host) < index);
  return [
    ...outside.map(({ host, path }) =>
      mistakeAt(checkable, path, {
        found: shown(host),
        allowed: `${settings.zone.name} or a host below it`,
        remedy: "use a host of the zone, or name the zone that holds this host",
      }),
    ),
    ...twice.map(({ host, path }) =>
      mistakeAt(checkable, path, {
        found: shown(host),
        allowed: "a host that nothing else uses",
        remedy: `give it another host: ${places.find((place) => place.host === host)?.path.join(".")} has this one`,
      }),
    ),
    ...aliasesWithoutHost(checkable),
    ...(served.length > 0 || !anythingStands(settings) ? [] : [nobodyServes(checkable)]),
    ...certificateMistakes(checkable, served),
  ];
}

/** Whatever needs a network stands behind the hosts of that network. Sites need none. */
function anythingStands({ applications, databases, network }: Checkable["settings"]): boolean {
  return Object.keys(applications).length + Object.keys(databases).length > 0 || network !== undefined;
}

/** One certificate names all hosts of processes: ACM takes a hundred, and its own name, the shortest, has a cap. */
function certificateMistakes(checkable: Checkable, places: readonly Place[]): Mistake[] {
  const [shortest] = [...places].sort((a, b) => a.host.length - b.host.length);
  return [
    ...(places.length <= 100
      ? []
      : [
          mistakeAt(checkable, ["applications"], {
            found: `${places.length} hosts`,
            allowed: "at most 100 hosts and aliases together: one certificate names them all",
            remedy: "remove aliases",
          }),
        ]),
    ...(shortest === undefined || shortest.host.length <= 64
      ? []
      : [
          mistakeAt(checkable, shortest.path, {
            found: shown(shortest.host),
            allowed: "at least one host of at most 64 characters: the certificate's own name",
            remedy: "shorten this one, or add a short alias",
          }),
        ]),
  ];
}

function allHosts(applications: Checkable["settings"]["applications"]): readonly Place[] {
  return Object.entries(applications).flatMap(([application, { processes }]) =>
    Object.entries(processes).flatMap(([process, { host, aliases }]) => {
      const path = ["applications", application, "processes", process];
      const main = host === undefined ? [] : [{ host, path: [...path, "host"] }];
      return [
        ...main,
        ...aliases.map((alias, index) => ({ host: alias, path: [...path, "aliases", index] })),
      ];
    }),
  );
}

function siteHosts(sites: Checkable["settings"]["sites"]): readonly Place[] {
  return Object.entries(sites).flatMap(([key, { host, aliases }]) => [
    { host, path: ["sites", key, "host"] },
    ...aliases.map((alias, index) => ({ host: alias, path: ["sites", key, "aliases", index] })),
  ]);
}

function aliasesWithoutHost(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.applications).flatMap(([application, { processes }]) =>
    Object.entries(processes)
      .filter(([, { host, aliases }]) => host === undefined && aliases.length > 0)
      .map(([process, { aliases }]) =>
        mistakeAt(checkable, ["applications", application, "processes", process, "aliases"], {
          found: shown(aliases),
          allowed: "aliases of a host",
          remedy: "add the host that they lead to",
        }),
      ),
  );
}
