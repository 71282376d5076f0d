import type { Settings } from "../../config/settings";

/** What an image is proved with before it is released: nothing of it is secret. */
export interface Proof {
  /** Variables in clear, by name. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables whose secrets tandem generates: here each gets a value for one run. */
  readonly generated: readonly string[];
  /** Variables whose secrets somebody gives: here they say {@link NO_SECRET}. */
  readonly given: readonly string[];
  readonly databases: readonly ProvedDatabase[];
  /** Words of the release command. @default none */
  readonly release?: readonly string[] | undefined;
  /** Words of the tests' command. @default none */
  readonly test?: readonly string[] | undefined;
  /** Words of the command that loads demonstration data. @default none */
  readonly demoData?: readonly string[] | undefined;
}

/** A database of the application, for a service container of its own. */
export interface ProvedDatabase {
  /** The host under which the application finds it. */
  readonly key: string;
  /** The line of MySQL that it runs, such as `8.4`. */
  readonly line: string;
  readonly schema: string;
  readonly user: string;
  /** What the application's variables begin with. */
  readonly prefix: string;
  /** The variable with all of it as one URL. @default none */
  readonly url?: string | undefined;
}

/** What a secret that somebody has to give is here: no workflow of a pushed commit gets a real one. */
export const NO_SECRET = "not-a-secret";

/** Where a proof has no bucket. */
const NO_BUCKET = "not-a-bucket";

/** How the settings' application is proved; undefined where there is neither command nor database to prove it with. */
export function proofOf(settings: Settings, key: string): Proof | undefined {
  const application = settings.applications[key];
  if (application === undefined) return undefined;
  const { release, test, demoData, variables, buckets } = application;
  const databases = databasesOf(settings, application.databases);
  if (release === undefined && test === undefined && databases.length === 0) return undefined;
  const withSecret = (kind: "generated" | "given") =>
    Object.keys(application.secrets)
      .filter((variable) => settings.secrets[application.secrets[variable] ?? ""]?.kind === kind)
      .sort();
  return {
    variables: sorted({
      // Servers that build and test say so in this way: an application can leave out what it has not got here.
      CI: "true",
      ENV: settings.environment.toUpperCase(),
      ...Object.fromEntries(Object.values(buckets).map((variable) => [variable, NO_BUCKET])),
      ...variables,
    }),
    generated: withSecret("generated"),
    given: withSecret("given"),
    databases,
    release,
    test,
    demoData,
  };
}

function databasesOf(
  { databases }: Settings,
  uses: Settings["applications"][string]["databases"],
): readonly ProvedDatabase[] {
  return Object.entries(sorted(uses)).flatMap(([key, { prefix, url }]) => {
    const database = databases[key];
    if (database === undefined) return [];
    const { version, name, user } = database;
    return [{ key, line: version.split(".").slice(0, 2).join("."), schema: name, user, prefix, url }];
  });
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1)));
}
