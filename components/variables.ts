import * as pulumi from "@pulumi/pulumi";
import type { ApplicationSettings } from "../config/schema";
import type { ContainerEnvironment } from "./task";

/** What an application is told of a database. */
export interface ReachableDatabase {
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  readonly schema: pulumi.Input<string>;
  readonly user: pulumi.Input<string>;
  /** `valueFrom` of the password. */
  readonly passwordReference: pulumi.Input<string>;
  /** `valueFrom` of the whole URL. */
  readonly urlReference: pulumi.Input<string>;
  /** The secret that both references read. */
  readonly secretArn: pulumi.Input<string>;
}

/** What an application is told of a bucket. */
export interface ReachableBucket {
  readonly bucket: pulumi.Input<string>;
  readonly arn: pulumi.Input<string>;
}

/** Everything of an environment that an application may ask for by key. */
export interface Surroundings {
  /** The value of ENV, unless the application says its own. */
  readonly environmentName: string;
  readonly databases: Readonly<Record<string, ReachableDatabase>>;
  readonly buckets: Readonly<Record<string, ReachableBucket>>;
  /** Secret name to `valueFrom` reference. */
  readonly secretReferences: Readonly<Record<string, pulumi.Input<string>>>;
  /** The same for values before a rotation that are still accepted. @default none */
  readonly previousReferences?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Secret name to ARN. */
  readonly secretArns: Readonly<Record<string, pulumi.Input<string>>>;
}

type Values = Record<string, pulumi.Input<string>>;

/** The variables and secret references of one application's containers. */
export function containerEnvironment(
  settings: ApplicationSettings,
  around: Surroundings,
): ContainerEnvironment {
  const variables: Values = { ENV: around.environmentName, ...settings.variables };
  const secrets: Values = {};
  for (const [key, { prefix, url }] of Object.entries(settings.databases)) {
    const database = known(around.databases, key, "database");
    add(variables, `${prefix}_HOST`, database.host);
    add(variables, `${prefix}_PORT`, pulumi.output(database.port).apply(String));
    add(variables, `${prefix}_NAME`, database.schema);
    add(variables, `${prefix}_USER`, database.user);
    add(secrets, `${prefix}_PASSWORD`, database.passwordReference);
    if (url) add(secrets, url, database.urlReference);
  }
  for (const [key, variable] of Object.entries(settings.buckets))
    add(variables, variable, known(around.buckets, key, "bucket").bucket);
  for (const [variable, name] of Object.entries(settings.secrets))
    add(secrets, variable, known(around.secretReferences, name, "secret"));
  for (const [variable, name] of Object.entries(settings.secrets)) {
    const previous = around.previousReferences?.[name];
    if (previous !== undefined) add(secrets, fallbacks(variable), previous);
  }
  refuseBoth(variables, secrets);
  return { variables, secrets };
}

/** The variable with the value that was accepted before, as Django spells it: SECRET_KEY_FALLBACKS. */
export const fallbacks = (variable: string): string => `${variable}_FALLBACKS`;

/** The ARNs of what an application's containers receive and its code may touch. */
export function reached(settings: ApplicationSettings, around: Surroundings) {
  const databases = Object.keys(settings.databases).map(
    (key) => known(around.databases, key, "database").secretArn,
  );
  const named = Object.values(settings.secrets).map((name) => known(around.secretArns, name, "secret"));
  const buckets = Object.keys(settings.buckets).map((key) => known(around.buckets, key, "bucket").arn);
  return { secretArns: [...databases, ...named], bucketArns: buckets };
}

function known<T>(all: Readonly<Record<string, T>>, key: string, what: string): T {
  const found = all[key];
  if (found !== undefined) return found;
  const there = Object.keys(all).sort().join(", ") || "none";
  throw new Error(
    `No ${what} "${key}" in this environment (there: ${there}). Declare it, or name one that is there.`,
  );
}

function add(values: Values, name: string, value: pulumi.Input<string>): void {
  if (name in values)
    throw new Error(`Variable ${name} would be set twice. Give one of its sources another name or prefix.`);
  values[name] = value;
}

/** ECS refuses a name that is in both lists, but only when the task definition is registered. */
function refuseBoth(variables: Values, secrets: Values): void {
  const both = Object.keys(variables).filter((name) => name in secrets);
  if (both.length > 0)
    throw new Error(`Variable ${both.join(", ")} is in clear and a secret at once. Keep one of the two.`);
}
