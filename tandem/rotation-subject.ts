import { closest } from "fastest-levenshtein";
import { databaseSecret, receiversOf, type SecretAge } from "../components/secret-ages";
import { type EnvironmentName, FIRST, type Rotation, type Settings } from "../config/settings";
import { CommandError, EXIT } from "./errors";

/** What can be rotated, and how. */
export interface Subject {
  readonly name: string;
  readonly kind: "generated" | "given" | "database user";
  /** Whether a process receives it, so that the value before has to stay valid for a while. */
  readonly received: boolean;
  /** Seconds that the value before is accepted after a rotation. */
  readonly life: number;
  /** Where a person gets a new value. */
  readonly from?: string;
}

/** A database user's former password is used by nothing that outlives a deployment; an hour is for looking. */
const DATABASE_LIFE = 3600;

/** Everything of an environment that can be rotated. */
export function subjectsOf(settings: Settings): Subject[] {
  const secrets = Object.entries(settings.secrets).map(
    ([name, { kind, life, from }]): Subject => ({
      name,
      kind,
      received: receiversOf(settings, name).length > 0,
      life,
      ...(from === undefined ? {} : { from }),
    }),
  );
  const users = Object.entries(settings.databases)
    .filter(([, { adopt }]) => adopt === undefined || !("instance" in adopt))
    .map(
      ([key]): Subject => ({
        name: databaseSecret(key),
        kind: "database user",
        received: true,
        life: DATABASE_LIFE,
      }),
    );
  return [...secrets, ...users];
}

/** @throws CommandError with what there is, or why that one is not ours to rotate */
export function subjectOf(settings: Settings, name: string): Subject {
  const all = subjectsOf(settings);
  const found = all.find((subject) => subject.name === name);
  if (found !== undefined) return found;
  const adopt = settings.databases[name.replace(/^databases\./, "")]?.adopt;
  if (name.startsWith("databases.") && adopt !== undefined && "instance" in adopt)
    throw new CommandError(
      `${name} is the adopted instance ${adopt.instance}, which is managed elsewhere: rotate its user at its owner, ` +
        `then pulumi config set --secret ${adopt.password} --stack ${settings.environment}.`,
    );
  const there = all.map((subject) => subject.name);
  throw new CommandError(
    there.length === 0
      ? `${settings.environment} has no secret, so there is nothing to rotate.`
      : `There is no ${name} to rotate. Did you mean ${closest(name, there)}? There are: ${there.join(", ")}.`,
    EXIT.usage,
  );
}

/** What a stack's file says of it. */
export const said = ({ rotations }: Settings, name: string): Rotation => rotations[name] ?? FIRST;

/** What a stack said of its secrets at the end of its last `up`. */
export const agesOf = (
  outputs: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, SecretAge>> => (outputs?.secrets ?? {}) as Readonly<Record<string, SecretAge>>;

/** From when on the value before may go, ISO 8601. */
export const dueFrom = ({ since }: Pick<SecretAge, "since">, { life }: Pick<Subject, "life">): string =>
  new Date(Date.parse(since) + life * 1000).toISOString();

export const same = (one: Rotation, other: Rotation): boolean =>
  one.generation === other.generation && one.retired === other.retired;

/** Whether a stack is at least as far as another is to go. */
export const leads = (ahead: Rotation, to: Rotation): boolean =>
  ahead.generation > to.generation || (ahead.generation === to.generation && (ahead.retired || !to.retired));

export const TITLES: Readonly<Record<EnvironmentName, string>> = { sandbox: "sandbox", prod: "production" };
