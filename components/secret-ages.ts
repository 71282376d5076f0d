import { FIRST, type Settings } from "../config/settings";

/** How old a secret is, and what follows from it. Public: never a value. */
export interface SecretAge {
  /** 1 is the first value; each rotation adds one. */
  readonly generation: number;
  /** Since when it has this generation, ISO 8601: the first `up` that saw it. */
  readonly since: string;
  /** Days after which it wants rotating. */
  readonly limit: number;
  /** Whether the value before is no longer accepted. */
  readonly retired: boolean;
  /** Keys of the applications that receive it; `workflows` and `database` where those do. */
  readonly usedBy: readonly string[];
}

export interface SecretAgesArgs {
  readonly settings: Settings;
  /** The present instant, ISO 8601. */
  readonly now: string;
  /** What the last `up` said. @default nothing */
  readonly ages?: Readonly<Record<string, SecretAge>>;
}

/** What a database user's rotation goes by: `databases.<key>`. */
export const databaseSecret = (key: string): string => `databases.${key}`;

/** Days after which the password of a database user wants rotating. */
const DATABASE_LIMIT = 365;

/** The ages of every secret and database user that is ours to rotate, by name. */
export function secretAges({ settings, now, ages = {} }: SecretAgesArgs): Record<string, SecretAge> {
  const { secrets, databases, rotations } = settings;
  const age = (name: string, limit: number, usedBy: readonly string[]) => {
    const { generation, retired } = rotations[name] ?? FIRST;
    const former = ages[name];
    const since = former?.generation === generation ? former.since : now;
    return [name, { generation, since, limit, retired, usedBy }] as const;
  };
  return Object.fromEntries([
    ...Object.entries(secrets).map(([name, { limit }]) =>
      age(name, Math.floor(limit / 86_400), usersOf(settings, name)),
    ),
    ...Object.entries(databases).flatMap(([key, { adopt }]) =>
      adopt !== undefined && "instance" in adopt
        ? []
        : [age(databaseSecret(key), DATABASE_LIMIT, connected(settings, key))],
    ),
  ]);
}

type Uses = Pick<Settings, "applications" | "databases" | "notices">;

/** Keys of the applications whose processes receive a secret as a variable. */
export function receiversOf({ applications }: Pick<Uses, "applications">, name: string): string[] {
  return Object.keys(applications)
    .filter((key) => Object.values(applications[key]?.secrets ?? {}).includes(name))
    .sort();
}

function usersOf(settings: Uses, name: string): string[] {
  const { databases, notices } = settings;
  const adopts = Object.values(databases).some(
    ({ adopt }) => adopt !== undefined && "instance" in adopt && adopt.password === name,
  );
  return [
    ...receiversOf(settings, name),
    ...(adopts ? ["database"] : []),
    ...(notices.webhook === name ? ["workflows"] : []),
  ];
}

function connected({ applications }: Uses, database: string): string[] {
  return Object.keys(applications)
    .filter((key) => database in (applications[key]?.databases ?? {}))
    .sort();
}
