import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { BackupSettings, JobSettings } from "../config/schema";
import { CONTAINERS, type DumpContainer, type DumpKind, SQL } from "./dumps/containers";
import { jobLabels } from "./guard/labels";
import { physicalName, type Scope, tags } from "./names";
import { TIMEOUT_LABEL } from "./task";

/** The database that a task works on. */
export interface DumpedDatabase {
  readonly host: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** The schema that is served. */
  readonly schema: string;
  /** The one that the instance began with: names of restored ones begin as it does. */
  readonly firstSchema: string;
  readonly user: string;
  /** What a container definition's `valueFrom` takes for the password. */
  readonly passwordReference: pulumi.Input<string>;
}

export interface DumpTaskArgs {
  readonly scope: Scope;
  readonly kind: DumpKind;
  /** The database's key. */
  readonly key: string;
  /** The family's role in names: what the guard finds it by. */
  readonly role: string;
  readonly database: DumpedDatabase;
  readonly settings: BackupSettings;
  /** The locked bucket. */
  readonly bucket: pulumi.Input<string>;
  readonly logGroup: pulumi.Input<string>;
  readonly executionRoleArn: pulumi.Input<string>;
  readonly taskRoleArn: pulumi.Input<string>;
  /** What whoever starts it may say. @default nothing */
  readonly inputs?: JobSettings["inputs"];
  /** What it is told always. @default nothing */
  readonly fixed?: Readonly<Record<string, string>>;
}

/** Where the containers of one task meet: a disk of its own, encrypted by Fargate, gone with the task. */
const VOLUME = { name: "dump", containerPath: "/dump" };

/**
 * Containers that run one after the other on one disk. Only those with the database's own programs receive its
 * password, only those of the AWS CLI touch the bucket.
 */
export function declareDumpTask(
  name: string,
  args: DumpTaskArgs,
  parent: pulumi.Resource,
): aws.ecs.TaskDefinition {
  const { scope, role, settings } = args;
  const { cpu, memory, disk } = settings.dumps;
  return new aws.ecs.TaskDefinition(
    name,
    {
      family: physicalName(scope, role, 255),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" },
      cpu: String(cpu),
      memory: String(memory),
      ephemeralStorage: { sizeInGib: disk },
      volumes: [{ name: VOLUME.name }],
      executionRoleArn: args.executionRoleArn,
      taskRoleArn: args.taskRoleArn,
      containerDefinitions: pulumi.jsonStringify(containers(args)),
      tags: tags(scope, role),
    },
    { parent },
  );
}

function containers(args: DumpTaskArgs) {
  const all = CONTAINERS[args.kind];
  return all.map((each, index) => ({
    ...container(args, each),
    // The last one always runs, finds what the others left, and its end is the task's.
    essential: index === all.length - 1,
    ...(index === 0
      ? { dockerLabels: labels(args) }
      : { dependsOn: [{ containerName: all[index - 1]?.name, condition: "COMPLETE" }] }),
  }));
}

/** The guard reads the first container. */
function labels({ settings, inputs = {} }: DumpTaskArgs): Record<string, string> {
  return { [TIMEOUT_LABEL]: String(settings.dumps.timeout), ...jobLabels({ inputs } as JobSettings) };
}

function container(args: DumpTaskArgs, { name, image, script }: DumpContainer) {
  const { settings, logGroup, scope, database } = args;
  const variables = image === "client" ? ofClient(args) : ofTransfer(args);
  return {
    name,
    image: settings.dumps.images[image],
    entryPoint: ["bash", "-c"],
    command: [script],
    environment: Object.entries({ ...common(args), ...variables })
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => ({ name: key, value })),
    secrets: image === "client" ? [{ name: "DB_PASSWORD", valueFrom: database.passwordReference }] : [],
    mountPoints: [{ sourceVolume: VOLUME.name, containerPath: VOLUME.containerPath }],
    linuxParameters: { initProcessEnabled: true },
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logGroup,
        "awslogs-region": scope.region,
        "awslogs-stream-prefix": name,
        // Here the log holds the answer: better slow than without its end.
        mode: "blocking",
      },
    },
  };
}

function common({ scope, key, database }: DumpTaskArgs): Record<string, pulumi.Input<string>> {
  const { project, environment } = scope;
  return { PROJECT: project, ENVIRONMENT: environment, DATABASE: key, SCHEMA: database.schema };
}

function ofTransfer({ scope, kind, bucket, inputs = {}, fixed = {} }: DumpTaskArgs) {
  const defaults = Object.entries(inputs).flatMap(([name, input]) =>
    input.default === undefined ? [] : [[name, input.default] as const],
  );
  return {
    AWS_DEFAULT_REGION: scope.region,
    BUCKET: bucket,
    KIND: kind,
    // Where the dump goes.
    PREFIX: kind === "anonymise" ? "anonymised" : "dumps",
    ...Object.fromEntries(defaults),
    ...fixed,
  };
}

function ofClient({ kind, key, database, settings }: DumpTaskArgs) {
  return {
    DB_HOST: database.host,
    DB_PORT: pulumi.output(database.port).apply(String),
    DB_USER: database.user,
    ...(kind === "restore" ? { NAME: database.firstSchema } : {}),
    ...(kind === "dump" ? { LEAST: String(settings.dumps.least) } : {}),
    ...(kind === "anonymise" ? { ...SQL.anonymise, RULES: rulesOf(settings.anonymise[key] ?? {}) } : {}),
  };
}

/**
 * The table of rules as the script reads it: a line for a table and an action, with the columns that it is for. Short,
 * because a task definition takes 64 KiB and a shop has hundreds of columns.
 */
export function rulesOf(tables: BackupSettings["anonymise"][string]): string {
  return Object.entries(tables)
    .flatMap(([table, columns]) =>
      typeof columns === "string" ? [[table, columns]] : byAction(columns).map((words) => [table, ...words]),
    )
    .map((words) => words.join("\t"))
    .join("\n");
}

function byAction(columns: Readonly<Record<string, { action: string; value?: string | undefined }>>) {
  const actions = [...new Set(Object.values(columns).map(({ action }) => action))];
  return actions.map((wanted) => [
    wanted,
    ...Object.entries(columns)
      .filter(([, { action }]) => action === wanted)
      // In hexadecimal: no value of a team's needs quoting then.
      .map(([column, { value }]) =>
        value === undefined ? column : `${column}=${Buffer.from(value).toString("hex")}`,
      ),
  ]);
}
