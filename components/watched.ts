import type { Input } from "@pulumi/pulumi";

/** What is watched. `Text` is what names are made of: inputs while resources are declared, text once known. */
export interface Watched<Text = Input<string>> {
  /** The balancer's name in metrics: `app/<name>/<id>`. */
  readonly balancerArnSuffix: Text;
  readonly clusterName: Text;
  /** Processes, by the key that is their own in the environment. */
  readonly services: Readonly<Record<string, WatchedService<Text>>>;
  readonly databases: Readonly<Record<string, WatchedDatabase<Text>>>;
  /** Names of queues that stay empty while all is well, by what fills them. */
  readonly queues: Readonly<Record<string, Text>>;
  readonly certificateArn: Text;
  /** Seconds that the slowest 5 % of answers may take. */
  readonly slow: number;
}

export interface WatchedService<Text = Input<string>> {
  readonly serviceName: Text;
  /** How many are expected to run. 0 is asleep: nothing about it can be wrong. */
  readonly count: number;
  /** Where the public reaches it: `targetgroup/<name>/<id>`. @default it serves nobody */
  readonly targetGroupArnSuffix?: Text | undefined;
}

export interface WatchedDatabase<Text = Input<string>> {
  readonly identifier: Text;
  /** Disk at first, in GiB. */
  readonly storage: number;
  /** Instance class, such as `db.t4g.micro`. */
  readonly size: string;
}

/** The services of which at least one is expected to run. */
export function awake<Text>(
  services: Readonly<Record<string, WatchedService<Text>>>,
): Record<string, WatchedService<Text>> {
  return Object.fromEntries(Object.entries(services).filter(([, { count }]) => count > 0));
}
