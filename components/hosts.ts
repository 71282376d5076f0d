import type { ApplicationSettings } from "../config/schema";

type Applications = Readonly<Record<string, ApplicationSettings>>;

/** Every host of an environment, aliases included, in a stable order. */
export function allHosts(applications: Applications): readonly string[] {
  return processes(applications)
    .flatMap(({ host, aliases }) => (host === undefined ? [] : [host, ...aliases]))
    .sort();
}

/**
 * Every rule by which the balancer finds a process: its own, and one for each alias. A rule is known by whose it
 * is, not by its host: hosts that move between processes then change conditions and leave priorities alone.
 */
export function allRoutes(applications: Applications): readonly string[] {
  return Object.entries(applications).flatMap(([application, { processes }]) =>
    Object.entries(processes).flatMap(([process, { host, aliases }]) =>
      host === undefined
        ? []
        : [routeOf(application, process), ...aliases.map((alias) => routeOf(application, process, alias))],
    ),
  );
}

/** Keys have no underscore, and no key has a space. */
export function routeOf(application: string, process: string, alias?: string): string {
  return [`${application}_${process}`, ...(alias === undefined ? [] : [alias])].join(" ");
}

/** The hosts that only editors reach, with those editors. */
export function editorsByHost(applications: Applications): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.values(applications).flatMap(({ editors, processes }) =>
      editors === undefined ? [] : hostsOf(processes).map((host) => [host, editors]),
    ),
  );
}

/**
 * The address by which an environment is judged from outside: where the first process says that it is well,
 * of those that run and that the public reaches without a login.
 *
 * @param released whether an application has an image to run
 */
export function probedUrl(
  applications: Applications,
  released: (application: string) => boolean,
): string | undefined {
  return Object.entries(applications)
    .filter(([key, { enabled, editors }]) => enabled && editors === undefined && released(key))
    .flatMap(([, { processes }]) => Object.values(processes))
    .flatMap(({ host, healthPath, count }) =>
      host === undefined || count === 0 ? [] : [`https://${host}${healthPath}`],
    )
    .at(0);
}

/** A public host that a deployment is judged by. */
export interface CheckedSite {
  /** Whose it is, in names: `<application>_<process>`. */
  readonly name: string;
  readonly application: string;
  readonly host: string;
  /** They answer too, with a redirect. */
  readonly aliases: readonly string[];
  /** Where the process says that it is well. */
  readonly path: string;
  /** Whether a login stands before it. */
  readonly login: boolean;
}

/** Every process that runs and that the public reaches. @param runs whether an application does */
export function checkedSites(
  applications: Applications,
  runs: (application: string) => boolean,
): readonly CheckedSite[] {
  return Object.entries(applications)
    .filter(([key]) => runs(key))
    .flatMap(([application, { processes, editors }]) =>
      Object.entries(processes).flatMap(([process, { host, aliases, healthPath, count }]) => {
        if (host === undefined || count === 0) return [];
        const name = `${application}_${process}`;
        return [{ name, application, host, aliases, path: healthPath, login: editors !== undefined }];
      }),
    );
}

/** Ports that the balancer has to reach, each once. */
export function publicPorts(applications: Applications): number[] {
  const ports = processes(applications).flatMap(({ host, port }) => (host === undefined ? [] : [port]));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** The longest silence that any process allows on a connection, in seconds. */
export function longestIdle(applications: Applications): number {
  return Math.max(60, ...processes(applications).map(({ idleTimeout }) => idleTimeout));
}

const processes = (applications: Applications) =>
  Object.values(applications).flatMap((a) => Object.values(a.processes));

const hostsOf = (processes: ApplicationSettings["processes"]) =>
  Object.values(processes).flatMap(({ host, aliases }) => (host === undefined ? [] : [host, ...aliases]));
