import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DatabaseArgs } from "./database";
import { physicalName, type Scope, tags } from "./names";
import { liftedTag } from "./protected";

export interface DatabaseInstanceArgs extends DatabaseArgs {
  /** The password of the application's user. */
  readonly password: pulumi.Input<string>;
}

/** The RDS instance of a database that is ours to manage, with its parameters, subnets and logs. */
export class DatabaseInstance extends pulumi.ComponentResource {
  public readonly host: pulumi.Output<string>;
  public readonly port: pulumi.Output<number>;
  public readonly arn: pulumi.Output<string>;
  public readonly identifier: pulumi.Output<string>;
  /** RDS's own id of the instance, which no other one ever has. */
  public readonly life: pulumi.Output<string>;

  constructor(name: string, args: DatabaseInstanceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:database:DatabaseInstance", name, {}, opts);
    const { scope, key } = args;
    const identifier = physicalName(scope, key);

    const subnets = new aws.rds.SubnetGroup(
      name,
      { description: `Database ${key}`, subnetIds: [...args.subnetIds], tags: tags(scope, key) },
      { parent: this },
    );
    const parameters = new aws.rds.ParameterGroup(
      name,
      { family: family(args.settings.version), parameters: PARAMETERS, tags: tags(scope, key) },
      { parent: this },
    );
    const logs = LOGS.map((log) => logGroup(this, name, scope, identifier, log, args.logDays ?? 30));
    const instance = new aws.rds.Instance(
      name,
      {
        identifier,
        ...engine(args),
        ...storage(args),
        ...reach(args),
        ...ending(this, name, identifier, args),
        instanceClass: args.settings.size,
        multiAz: args.multiAz,
        password: args.password,
        dbSubnetGroupName: subnets.name,
        parameterGroupName: parameters.name,
        enabledCloudwatchLogsExports: [...LOGS],
        // Off: the smallest classes refuse it.
        performanceInsightsEnabled: false,
        // The moment of a change is the moment of `up`, where somebody watches, not some night of the week.
        applyImmediately: true,
        backupRetentionPeriod: args.backupDays,
        backupWindow: "22:30-23:00",
        maintenanceWindow: "tue:04:00-tue:04:30",
        copyTagsToSnapshot: true,
        tags: { ...tags(scope, key), ...liftedTag(args.liftedUntil) },
      },
      {
        parent: this,
        protect: isProtected(args),
        dependsOn: logs,
        // Where the data once came from: taking `adopt` out of the configuration must not replace what grew since.
        ignoreChanges: ["snapshotIdentifier"],
      },
    );

    this.host = instance.address;
    this.port = instance.port;
    this.arn = instance.arn;
    this.identifier = instance.identifier;
    this.life = instance.resourceId;
    this.registerOutputs({ host: this.host, port: this.port, identifier: this.identifier });
  }
}

const LOGS = ["error", "slowquery"] as const;

/** All of them dynamic: they apply without a restart. */
const PARAMETERS = Object.entries({
  require_secure_transport: "1",
  character_set_server: "utf8mb4",
  collation_server: "utf8mb4_0900_ai_ci",
  // Only what is written to a file reaches CloudWatch.
  log_output: "FILE",
  slow_query_log: "1",
  long_query_time: "2",
}).map(([name, value]) => ({ name, value, applyMethod: "immediate" }));

/** The parameter family of a version: `mysql8.4` for 8.4 and for 8.4.7. */
export function family(version: string): string {
  return `mysql${version.split(".").slice(0, 2).join(".")}`;
}

function engine({ settings }: DatabaseArgs) {
  const from = settings.adopt && "snapshot" in settings.adopt ? settings.adopt.snapshot : undefined;
  return {
    engine: settings.engine,
    engineVersion: settings.version,
    autoMinorVersionUpgrade: true,
    // On a line whose standard support has ended, AWS then refuses to create rather than charge for each core.
    engineLifecycleSupport: "open-source-rds-extended-support-disabled",
    // Of a snapshot RDS takes the schema and user that it holds: these are to be the same. Said all the same,
    // so that a database adopted from a snapshot and one made empty are one declaration afterwards.
    dbName: settings.name,
    username: settings.user,
    ...(from === undefined ? {} : { snapshotIdentifier: from }),
  };
}

function storage({ settings }: DatabaseArgs) {
  return {
    storageType: "gp3",
    allocatedStorage: settings.storage,
    maxAllocatedStorage: settings.maxStorage,
    storageEncrypted: true,
  };
}

function reach({ settings, securityGroupId }: DatabaseArgs) {
  return {
    port: settings.port,
    publiclyAccessible: false,
    vpcSecurityGroupIds: [securityGroupId],
    caCertIdentifier: "rds-ca-rsa2048-g1",
  };
}

const isProtected = ({ deletionProtection, liftedUntil }: DatabaseArgs) =>
  deletionProtection && liftedUntil === undefined;

/** What happens when it goes. */
function ending(parent: DatabaseInstance, name: string, identifier: string, args: DatabaseArgs) {
  const { finalSnapshot, settings } = args;
  const common = {
    deletionProtection: isProtected(args),
    skipFinalSnapshot: !finalSnapshot,
    deleteAutomatedBackups: !finalSnapshot,
  };
  if (!finalSnapshot) return common;
  // A snapshot outlives its database and holds its name: each life of the database ends in a name of its own.
  // The keepers are what replaces the instance.
  const life = new random.RandomId(
    `${name}-life`,
    { byteLength: 4, keepers: { identifier, schema: settings.name, user: settings.user } },
    { parent },
  );
  return { ...common, finalSnapshotIdentifier: pulumi.interpolate`${identifier}-final-${life.hex}` };
}

/** Made before RDS makes it itself, without an end to what it keeps. */
function logGroup(
  parent: DatabaseInstance,
  name: string,
  scope: Scope,
  identifier: string,
  log: string,
  retentionInDays: number,
) {
  const args = { name: `/aws/rds/instance/${identifier}/${log}`, retentionInDays, tags: tags(scope, log) };
  return new aws.cloudwatch.LogGroup(`${name}-${log}`, args, { parent });
}
