import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { mapValues } from "./collections";
import { type Scope, tags } from "./names";
import type { Releaser } from "./releaser";
import type { Task } from "./task";

export interface ReleaseArgs {
  readonly scope: Scope;
  /** Key of the application that is released. */
  readonly application: string;
  /** `sha256:...` of the image: each change of it is a release. */
  readonly digest: string;
  /** The databases that the application uses, by key. */
  readonly databases: Readonly<Record<string, ReleasedDatabase>>;
  /** Whether snapshots of former releases stay; the newest five then do. */
  readonly keepsSnapshots: boolean;
  readonly releaser: Pick<Releaser, "functionName">;
  /** The release command. @default none: nothing is migrated */
  readonly command?: Task | undefined;
  /** Prints what the database is migrated to. @default none: each release counts as a migration */
  readonly migrations?: Task | undefined;
  /** The instant of this run, ISO 8601: what was released before it is old news. */
  readonly now: string;
}

/** A database that a release may change. */
export interface ReleasedDatabase {
  readonly identifier: pulumi.Input<string>;
  /** Another one once the database was replaced: an empty one has to be migrated as well. */
  readonly life: pulumi.Input<string>;
  /** A schema that was restored beside and is served: it may be of an older migration. @default none */
  readonly serves?: string | undefined;
}

/** A database and the snapshot of it that a release began with. */
export interface ReleaseBackup {
  readonly instance: string;
  readonly snapshot: string;
}

interface Answer {
  readonly migrated: boolean;
  readonly head?: string;
  readonly at?: string;
}

/**
 * One release of an application, in the order that the graph enforces: a key that no release had before, a finished
 * snapshot of each database, the release command. What runs the new version depends on `steps`.
 */
export class Release extends pulumi.ComponentResource {
  /** Eight hexadecimal digits, new for each release: also for going back to a former one. */
  public readonly key: pulumi.Output<string>;
  /** What has to be done before the new version runs. */
  public readonly steps: readonly pulumi.Resource[];
  /** Whether the former version may no longer fit the data. */
  public readonly migrated: pulumi.Output<boolean>;
  /** What the database is migrated to; empty where the application does not say it. */
  public readonly head: pulumi.Output<string>;
  public readonly backups: pulumi.Output<readonly ReleaseBackup[]>;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:release:Release", name, {}, opts);

    this.key = new random.RandomId(
      `${name}-key`,
      {
        byteLength: 4,
        keepers: {
          digest: args.digest,
          ...mapValues(args.databases, ({ life }) => life),
          ...served(args.databases),
        },
      },
      { parent: this },
    ).hex;
    const snapshots = mapValues(args.databases, ({ identifier }, database) =>
      snapshot(this, `${name}-${database}`, args, identifier),
    );
    this.backups = pulumi.all(Object.values(snapshots).map(backupOf));
    const run = args.command && invocation(this, name, args, args.command, Object.values(snapshots));
    const answer = pulumi.output(run?.result).apply(answered);

    this.steps = [...Object.values(snapshots), ...(run === undefined ? [] : [run])];
    // A head that nobody asked for says nothing.
    this.migrated =
      run && args.migrations ? answer.apply(({ migrated }) => migrated) : pulumi.output(run !== undefined);
    this.head = answer.apply(({ head }) => head ?? "");
    if (run !== undefined) tell(args, this, answer);
    this.registerOutputs({ key: this.key, migrated: this.migrated });
  }
}

/** Other data to release onto is another release: backed up, migrated and looked at like any. */
function served(databases: ReleaseArgs["databases"]): Record<string, string> {
  const named = Object.entries(databases).flatMap(([key, { serves }]) =>
    serves === undefined ? [] : [[`${key} serves`, serves] as const],
  );
  return Object.fromEntries(named);
}

function snapshot(
  parent: Release,
  name: string,
  { scope, keepsSnapshots, application }: ReleaseArgs,
  instance: pulumi.Input<string>,
): aws.rds.Snapshot {
  return new aws.rds.Snapshot(
    name,
    {
      dbInstanceIdentifier: instance,
      dbSnapshotIdentifier: pulumi.interpolate`${instance}-release-${parent.key}`,
      tags: tags(scope, `release-${application}`),
    },
    { parent, retainOnDelete: keepsSnapshots, customTimeouts: { create: "2h" } },
  );
}

function backupOf({ dbInstanceIdentifier, dbSnapshotIdentifier }: aws.rds.Snapshot) {
  return pulumi
    .all([dbInstanceIdentifier, dbSnapshotIdentifier])
    .apply(([instance, snapshot]): ReleaseBackup => ({ instance, snapshot }));
}

/** Called once for each key: the families stand for their newest revisions, so that configuration alone runs nothing. */
function invocation(
  parent: Release,
  name: string,
  { application, releaser, migrations }: ReleaseArgs,
  command: Task,
  snapshots: readonly aws.rds.Snapshot[],
): aws.lambda.Invocation {
  const task = ({ family, logGroupName }: Task) => ({ taskDefinition: family, logGroup: logGroupName });
  return new aws.lambda.Invocation(
    `${name}-run`,
    {
      functionName: releaser.functionName,
      input: pulumi.jsonStringify({
        do: "release",
        application,
        key: parent.key,
        ...task(command),
        ...(migrations === undefined ? {} : { migrations: task(migrations) }),
        backups: parent.backups,
      }),
    },
    { parent, dependsOn: [...snapshots, command, ...(migrations === undefined ? [] : [migrations])] },
  );
}

/** What cannot be read is taken for a migration: the former version is then not put back by itself. */
function answered(result: string | undefined): Answer {
  return { migrated: true, ...((JSON.parse(result ?? "null") ?? {}) as Partial<Answer>) };
}

/** Said by the update that migrated, and by no later one. */
function tell({ application, now }: ReleaseArgs, release: Release, answer: pulumi.Output<Answer>): void {
  if (pulumi.runtime.isDryRun()) return;
  pulumi.all([answer, release.migrated, release.backups]).apply(([{ at }, migrated, backups]) => {
    if (!migrated || at === undefined || at < now || backups.length === 0) return;
    pulumi.log.info(
      `A migration of ${application} ran. If the new version fails, the former one is not put back.\n${restoreWords(backups)}`,
      release,
    );
  });
}

/** The same words as in the function's own errors. */
export const { restoreWords } = require("./release/words.js") as {
  restoreWords: (backups: readonly ReleaseBackup[]) => string;
};
