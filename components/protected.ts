import type { Settings } from "../config/settings";

/** What may be replaced or deleted although it holds data, until when, and why. */
export type Acknowledgement = Settings["acknowledged"][number];

/** The tag of what stands unprotected in an environment that protects: operators and policies read it. */
export const LIFTED = "ProtectionLiftedUntil";

/** The last day on which the protection of `what` is set aside; undefined where it stands. */
export function liftedUntil(
  acknowledged: readonly Acknowledgement[],
  what: string,
  now: string,
): string | undefined {
  return acknowledged.find((one) => one.what === what && one.until >= dayOf(now))?.until;
}

/** The day of an instant, in UTC. */
export const dayOf = (now: string): string => new Date(now).toISOString().slice(0, 10);

/** What the tags of something say besides, while its protection is lifted. */
export const liftedTag = (until: string | undefined): Readonly<Record<string, string>> =>
  until === undefined ? {} : { [LIFTED]: until };

type Declaring = Pick<Settings, "acknowledged" | "databases" | "buckets" | "sites" | "applications">;

/** What people are told in each `up` while a protection is lifted, a line each. */
export function liftedWords(settings: Declaring, now: string): readonly string[] {
  return settings.acknowledged
    .filter(({ until }) => until >= dayOf(now))
    .map(({ what, until, because }) =>
      isDeclared(settings, what)
        ? `protection of ${named(what)} is lifted until ${until}: ${because}`
        : `nothing here is called ${what}: take it out of acknowledged once what it named is gone`,
    );
}

function isDeclared({ databases, buckets, sites, applications }: Declaring, what: string): boolean {
  const [kind = "", key] = what.split(".");
  if (key === undefined) return true;
  const known: Readonly<Record<string, object>> = { databases, buckets, sites, registries: applications };
  return key in (known[kind] ?? {});
}

const NOUNS: Readonly<Record<string, string>> = {
  databases: "database",
  buckets: "bucket",
  registries: "registry",
  sites: "site",
};

/** `databases.main` as people say it: `database main`. */
export function named(what: string): string {
  const [kind = "", key] = what.split(".");
  return key === undefined ? kind : `${NOUNS[kind] ?? kind} ${key}`;
}
