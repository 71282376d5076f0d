import * as pulumi from "@pulumi/pulumi";
import type { ApplicationSettings, JobSettings, ProcessSettings } from "../config/schema";
import { mapValues, pick } from "./collections";
import { DemoData } from "./demo-data";
import type { Scope } from "./names";
import { Process } from "./process";
import { Release, type ReleasedDatabase } from "./release";
import { type Command, commandLog, commandRole } from "./release/policy";
import type { Releaser } from "./releaser";
import { Roles } from "./roles";
import { type RunnableApplication, runtimeOf } from "./runnable";
import { SourceCheck } from "./source-check";
import { type ContainerEnvironment, Task } from "./task";
import { containerEnvironment, reached, type Surroundings } from "./variables";

export interface ApplicationArgs extends Surroundings {
  readonly scope: Scope;
  readonly key: string;
  readonly settings: ApplicationSettings;
  /** The environment's jobs, by key: the checks of the application's sources are among them. @default none */
  readonly jobs?: Readonly<Record<string, JobSettings>>;
  /** Whether the environment is on; the application's own `enabled` counts as well. */
  readonly enabled: boolean;
  readonly clusterArn: pulumi.Input<string>;
  readonly clusterName: pulumi.Input<string>;
  /** The application's registry. */
  readonly repositoryUrl: pulumi.Input<string>;
  readonly repositoryArn: pulumi.Input<string>;
  /** `sha256:...` of the image to run. Without one nothing runs. */
  readonly digest: string | undefined;
  /** Runs the release command. */
  readonly releaser: Pick<Releaser, "functionName">;
  /** The environment's databases, by key: those it uses are backed up before each release. */
  readonly instances: Readonly<Record<string, ReleasedDatabase>>;
  /** Whether backups of former releases stay. */
  readonly keepsSnapshots: boolean;
  /** The instant of this run, ISO 8601. */
  readonly now: string;
  readonly vpcId: pulumi.Input<string>;
  readonly subnetIds: readonly pulumi.Input<string>[];
  readonly assignPublicIp: boolean;
  readonly securityGroupId: pulumi.Input<string>;
  readonly listenerArn: pulumi.Input<string>;
  readonly originKey: pulumi.Input<string>;
  /** Every route of the environment: what rule priorities are drawn from. */
  readonly routes: readonly string[];
  /** Days that logs are kept. */
  readonly logDays: number;
}

/** What monitoring and delivery need of one process. */
export interface RunningProcess {
  readonly serviceName: pulumi.Output<string>;
  readonly taskDefinitionArn: pulumi.Output<string>;
  readonly expectedCount: pulumi.Output<number>;
  readonly logGroupName: pulumi.Output<string>;
  /** Absent without a host. */
  readonly targetGroupArnSuffix?: pulumi.Output<string>;
}

/** An application: its roles, its processes, and the tasks that a release runs. */
export class Application extends pulumi.ComponentResource implements RunnableApplication {
  public readonly key: string;
  /** Environment and application are both on. */
  public readonly enabled: boolean;
  /** Whether there is an image to run. */
  public readonly released: pulumi.Output<boolean>;
  public readonly image: pulumi.Output<string>;
  public readonly environment: ContainerEnvironment;
  public readonly roles: RunnableApplication["roles"];
  public readonly logDays: number;
  /** By process key. */
  public readonly services: Readonly<Record<string, RunningProcess>>;
  /** Task definition ARNs by process key. */
  public readonly taskDefinitions: Readonly<Record<string, pulumi.Output<string>>>;
  /** How the present version came to run; absent where nothing runs. */
  public readonly release?: Release;
  public readonly after: readonly pulumi.Resource[];

  constructor(name: string, args: ApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:application:Application", name, {}, opts);
    const { scope, key, settings } = args;

    this.key = key;
    this.enabled = args.enabled && settings.enabled;
    this.logDays = args.logDays;
    this.environment = containerEnvironment(settings, args);
    this.released = pulumi.output(args.digest !== undefined);
    this.image = imageReference(args);
    this.roles = new Roles(
      `${name}-roles`,
      { scope, application: key, repositoryArn: args.repositoryArn, ...reached(settings, args) },
      { parent: this },
    );
    const commands = {
      command: settings.release && declareCommand(this, name, args, "release", settings.release),
      migrations: settings.migrations && declareCommand(this, name, args, "migrations", settings.migrations),
    };
    if (this.enabled && args.digest !== undefined)
      this.release = new Release(
        `${name}-release`,
        { ...args, ...commands, application: key, digest: args.digest, databases: backedUp(args) },
        { parent: this },
      );
    const demo = settings.demoData && declareCommand(this, name, args, "demo", settings.demoData);
    const ready = this.release === undefined ? [] : readied(this, name, args, this.release, demo);
    this.after = [...ready, ...checkSources(this, name, args, ready)];
    this.services = mapValues(settings.processes, (process, processKey) =>
      declareProcess(this, name, args, processKey, process),
    );
    this.taskDefinitions = mapValues(this.services, ({ taskDefinitionArn }) => taskDefinitionArn);

    this.registerOutputs({ image: this.image, taskDefinitions: this.taskDefinitions });
  }
}

/** By digest: what ran in the sandbox is what runs in production. The tag is one that nobody may push. */
function imageReference({ repositoryUrl, digest }: ApplicationArgs): pulumi.Output<string> {
  return pulumi.interpolate`${repositoryUrl}${digest === undefined ? ":not-released" : `@${digest}`}`;
}

/** The databases that a release may change. */
function backedUp({ settings, instances }: ApplicationArgs) {
  return pick(instances, Object.keys(settings.databases));
}

/** What has to be done before the new version runs: its release, and once the data to show it with. */
function readied(
  application: Application,
  name: string,
  args: ApplicationArgs,
  { steps }: Release,
  command: Task | undefined,
): readonly pulumi.Resource[] {
  if (command === undefined) return steps;
  const demo = new DemoData(
    `${name}-demo-data`,
    { application: args.key, releaser: args.releaser, databases: backedUp(args), command, after: steps },
    { parent: application },
  );
  return [...steps, demo.step];
}

/** Behind the release and before all that runs: the steps of the checks, none where nothing runs. */
function checkSources(
  application: Application,
  name: string,
  { scope, settings, jobs = {}, releaser }: ApplicationArgs,
  after: readonly pulumi.Resource[],
): readonly pulumi.Resource[] {
  const checks = Object.entries(settings.sources).map(
    ([source, said]) =>
      new SourceCheck(
        `${name}-source-${source}`,
        {
          scope,
          application,
          source,
          settings: said,
          job: jobs[said.check],
          runs: application.release !== undefined,
          releaser,
          after,
        },
        { parent: application },
      ),
  );
  return checks.flatMap(({ step }) => step ?? []);
}

function declareProcess(
  application: Application,
  name: string,
  args: ApplicationArgs,
  key: string,
  settings: ProcessSettings,
): Process {
  return new Process(
    // An underscore, which keys cannot have: `a` with `b-c` and `a-b` with `c` stay apart.
    `${name}_${key}`,
    {
      scope: args.scope,
      application: application.key,
      key,
      settings,
      enabled: application.enabled,
      released: application.released,
      ...runtimeOf(application),
      clusterArn: args.clusterArn,
      clusterName: args.clusterName,
      vpcId: args.vpcId,
      subnetIds: args.subnetIds,
      assignPublicIp: args.assignPublicIp,
      securityGroupId: args.securityGroupId,
      listenerArn: args.listenerArn,
      originKey: args.originKey,
      routes: args.routes,
      after: application.after,
      migrated: application.release?.migrated ?? false,
    },
    { parent: application },
  );
}

/** A one-off command, as large as the largest process: migrations need at least what the code they move needs. */
function declareCommand(
  application: Application,
  name: string,
  { scope, settings }: ApplicationArgs,
  kind: Command,
  command: readonly string[],
): Task {
  const largest = Object.values(settings.processes).sort((a, b) => b.memory - a.memory || b.cpu - a.cpu)[0];
  return new Task(
    `${name}-${kind}`,
    {
      scope,
      role: commandRole(kind, application.key),
      logPath: commandLog(kind, application.key),
      command,
      cpu: largest?.cpu ?? 256,
      memory: largest?.memory ?? 512,
      ...runtimeOf(application),
    },
    { parent: application },
  );
}
