import type { ApplicationSettings } from "../config/schema";

type Applications = Readonly<Record<string, ApplicationSettings>>;

/** Every host of an environment, aliases included, in a stable order. */
export function allHosts(applications: Applications): readonly string[] {
  return processes(applications)
    .flatMap(({ host, aliases }) => (host === undefined ? [] : [host, ...aliases]))
    .sort();
}

/** The hosts that only editors reach, with those editors. */
export function editorsByHost(applications: Applications): Record<string, readonly string[]> {
  return Object.fromEntries(
    Object.values(applications).flatMap(({ editors, processes }) =>
      editors === undefined ? [] : hostsOf(processes).map((host) => [host, editors]),
    ),
  );
}

/** The host that stands for an environment: the first process that the public reaches without a login. */
export function publicHost(applications: Applications): string | undefined {
  return Object.values(applications)
    .filter(({ editors }) => editors === undefined)
    .flatMap(({ processes }) => hostsOf(processes))
    .at(0);
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
