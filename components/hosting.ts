import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { Application } from "./application";
import { Balancer } from "./balancer";
import type { Bucket } from "./bucket";
import { Certificate } from "./certificate";
import { Cluster } from "./cluster";
import { mapValues } from "./collections";
import type { Database } from "./database";
import { DeploymentCheck } from "./deployment-check";
import { dumpRunners, dumpSchedules } from "./dumps";
import { Edge } from "./edge";
import { type Door, Guard } from "./guard";
import { checkOf } from "./hosting-checked";
import { declareDatabases, declareNetwork } from "./hosting-ground";
import { officeOf } from "./hosting-office";
import { watchedOf } from "./hosting-watched";
import { allHosts, allRoutes, editorsByHost, longestIdle } from "./hosts";
import { Jobs } from "./jobs";
import { Maintenance } from "./maintenance";
import { Monitoring } from "./monitoring";
import type { Scope } from "./names";
import type { Network } from "./network";
import type { Notices } from "./notices";
import { OfficeHours } from "./office-hours";
import type { Verification } from "./passport";
import type { Posture } from "./posture";
import { Registry } from "./registry";
import { Releaser } from "./releaser";
import { Schedules } from "./schedules";
import type { Secrets } from "./secrets";

export interface HostingArgs {
  readonly scope: Scope;
  readonly settings: Settings;
  /** The settings' network: without one there is no hosting. */
  readonly network: NonNullable<Settings["network"]>;
  /** Values of the given secrets: an adopted database's password is one. */
  readonly given: Readonly<Record<string, pulumi.Input<string>>>;
  readonly posture: Posture;
  /** Image digest by application. */
  readonly release: Readonly<Record<string, string>>;
  /** The instant of this run, ISO 8601. */
  readonly now: string;
  readonly secrets: Secrets;
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly notices: Notices;
  /** The last day on which the protection of something is set aside, such as of `databases.main`. */
  readonly lifted: (what: string) => string | undefined;
}

/** Everything that runs: network, databases, applications behind their edge, schedules, jobs, and who watches. */
export class Hosting extends pulumi.ComponentResource {
  /** By database key. */
  public readonly databases: Readonly<Record<string, Database>>;
  /** By application key. */
  public readonly registries: Readonly<Record<string, Registry>>;
  public readonly applications: Readonly<Record<string, Application>>;
  /** The switches that close applications for a while. */
  public readonly maintenance: Maintenance;
  /** Public addresses by host. */
  public readonly urls: Readonly<Record<string, string>>;
  public readonly clusterName: pulumi.Output<string>;
  /** Physical names of schedules, by key. */
  public readonly scheduleNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Task definitions of jobs, by key. */
  public readonly jobs: Readonly<Record<string, pulumi.Output<string>>>;
  /** What people and GitHub ask for jobs; none where they start nothing. */
  public readonly door: Door | undefined;
  /** What starts the dumps of its databases; none where there is nothing to dump. */
  public readonly dumpGuard: Guard | undefined;
  /** What people ask for dumps and restores. */
  public readonly dumpDoor: Door | undefined;
  public readonly dashboardName: pulumi.Output<string>;
  /** What people ask to keep it awake; undefined where it has no office hours. */
  public readonly keeper: pulumi.Output<string> | undefined;
  /** How the deployment was found once it stood; undefined where nothing runs. */
  public readonly verification: pulumi.Output<Verification> | undefined;
  /** What each application's data is migrated to, where it says so. */
  public readonly migrations: Readonly<Record<string, pulumi.Output<string>>>;

  constructor(name: string, args: HostingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:hosting:Hosting", name, {}, opts);
    const { scope, settings, posture, notices } = args;
    const parent = { parent: this };
    const hosts = allHosts(settings.applications);

    const network = declareNetwork(args, parent);
    this.databases = declareDatabases(args, network, parent);
    const cluster = new Cluster("cluster", { scope, containerInsights: posture.containerInsights }, parent);
    const certificate = new Certificate("certificate", { scope, hosts, zoneId: settings.zone.id }, parent);
    const balancer = new Balancer("balancer", balancerArgs(args, network, certificate), parent);
    this.maintenance = new Maintenance("maintenance", maintenanceArgs(args), parent);
    const edge = new Edge("edge", edgeArgs(args, hosts, balancer, this.maintenance), parent);
    this.registries = mapValues(
      settings.applications,
      (_, application) =>
        new Registry(
          `registry-${application}`,
          {
            scope,
            application,
            forceDelete: posture.forceDestroy,
            liftedUntil: args.lifted(`registries.${application}`),
          },
          parent,
        ),
    );
    const { databases, registries } = this;
    const releaser = new Releaser("releaser", releaserArgs(args, network, cluster, databases), parent);
    const around = { network, cluster, balancer, edge, databases, registries, releaser };
    this.applications = mapValues(
      settings.applications,
      (_, key) => new Application(key, applicationArgs(args, around, key), parent),
    );

    const tasks = { scope, applications: this.applications };
    const guard = needsGuard(settings)
      ? new Guard("guard", { ...guardArgs(args, network, cluster, this.applications) }, parent)
      : undefined;
    const monitoring = new Monitoring(
      "monitoring",
      {
        scope,
        topicArn: notices.topicArn,
        globalTopicArn: notices.globalTopicArn,
        balancerArnSuffix: balancer.arnSuffix,
        clusterName: cluster.clusterName,
        certificateArn: certificate.certificateArn,
        queues: {},
        ...watchedOf(args, this, edge),
        ...settings.monitoring,
      },
      parent,
    );
    const { topicArn } = notices;
    const { enabled, schedules, jobs } = settings;
    const timed =
      guard && new Schedules("schedules", { ...tasks, schedules, enabled, guard, topicArn }, parent);
    const byHand = guard && new Jobs("jobs", { ...tasks, jobs }, parent);

    const checked = checkOf(args, this, edge);
    const check = checked && new DeploymentCheck("verification", { releaser, ...checked }, parent);

    this.verification = check?.verification;
    this.migrations = migrationsOf(args, this.applications);
    this.urls = edge.urls;
    this.clusterName = cluster.clusterName;
    this.scheduleNames = timed?.scheduleNames ?? {};
    this.jobs = byHand?.taskDefinitionArns ?? {};
    this.door = hasDoor(settings) ? guard?.door : undefined;
    this.dumpGuard = dumped(settings) ? guard : undefined;
    this.dumpDoor = this.dumpGuard?.door;
    this.dashboardName = monitoring.dashboardName;
    const office = officeOf(args, this);
    const { clusterArn } = cluster;
    const keeper = office && new OfficeHours("office-hours", { ...office, clusterArn }, parent);
    this.keeper = settings.officeHours && keeper?.functionName;
    this.registerOutputs({ urls: this.urls });
  }
}

/** What ENV says, unless an application says it itself. */
const ENVIRONMENT_NAMES = { sandbox: "SANDBOX", prod: "PRODUCTION" } as const;

/** Somebody has to start and watch what runs by the clock or by hand. */
const needsGuard = (settings: Settings) =>
  dumped(settings) || Object.keys({ ...settings.schedules, ...settings.jobs }).length > 0;

/** Whether there is a database to dump, and it is wanted. */
const dumped = ({ databases, backups }: Settings) =>
  backups.dumps.enabled && Object.keys(databases).length > 0;

/** Jobs are for people to start; some schedules for GitHub. */
const hasDoor = ({ schedules, jobs }: Settings) =>
  Object.keys(jobs).length > 0 || Object.values(schedules).some(({ by }) => by === "github");

function balancerArgs({ scope, settings, posture }: HostingArgs, network: Network, certificate: Certificate) {
  return {
    scope,
    subnetIds: network.publicSubnetIds,
    securityGroupId: network.balancerSecurityGroupId,
    certificateArn: certificate.certificateArn,
    idleTimeout: longestIdle(settings.applications),
    deletionProtection: posture.deletionProtection,
  };
}

function maintenanceArgs({ scope, settings: { applications }, posture, lifted }: HostingArgs) {
  const { forceDestroy } = posture;
  return { scope, applications, forceDestroy, liftedUntil: lifted("switches") };
}

function edgeArgs(
  { scope, settings, posture }: HostingArgs,
  hosts: readonly string[],
  balancer: Balancer,
  { bindings }: Maintenance,
) {
  return {
    scope,
    zone: settings.zone,
    hosts,
    target: balancer.dnsName,
    noindex: posture.noindex,
    editors: editorsByHost(settings.applications),
    maintenance: bindings,
  };
}

/** What stands around an application. */
interface Around {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly balancer: Balancer;
  readonly edge: Edge;
  readonly databases: Readonly<Record<string, Database>>;
  readonly registries: Readonly<Record<string, Registry>>;
  readonly releaser: Releaser;
}

function applicationArgs(
  { scope, settings, posture, release, secrets, buckets, now }: HostingArgs,
  { network, cluster, balancer, edge, databases, registries, releaser }: Around,
  key: string,
) {
  const { repositoryUrl, repositoryArn } = registries[key] as Registry;
  return {
    scope,
    key,
    settings: settings.applications[key] as Settings["applications"][string],
    jobs: settings.jobs,
    enabled: settings.enabled,
    digest: release[key],
    releaser,
    instances: databases,
    keepsSnapshots: posture.finalSnapshot,
    now,
    environmentName: ENVIRONMENT_NAMES[settings.environment],
    routes: allRoutes(settings.applications),
    repositoryUrl,
    repositoryArn,
    clusterArn: cluster.clusterArn,
    clusterName: cluster.clusterName,
    databases,
    buckets,
    secretReferences: secrets.references,
    previousReferences: secrets.previousReferences,
    secretArns: secrets.arns,
    vpcId: network.vpcId,
    subnetIds: network.taskSubnetIds,
    assignPublicIp: network.assignPublicIp,
    securityGroupId: network.taskSecurityGroupId,
    listenerArn: balancer.listenerArn,
    originKey: edge.originKey,
    logDays: posture.logDays,
  };
}

function releaserArgs(
  { scope, settings, posture }: HostingArgs,
  network: Network,
  cluster: Cluster,
  databases: Readonly<Record<string, Database>>,
) {
  return {
    scope,
    applications: Object.keys(settings.applications).sort(),
    demos: demosOf(settings),
    sources: mapValues(settings.applications, ({ sources }) => Object.keys(sources).sort()),
    databases: Object.values(databases).map(({ identifier }) => identifier),
    ...whereTasksRun(network, cluster),
    logDays: posture.logDays,
  };
}

const demosOf = ({ applications }: HostingArgs["settings"]) =>
  Object.keys(applications)
    .filter((key) => applications[key]?.demoData !== undefined)
    .sort();

function guardArgs(
  { scope, settings, posture, notices }: HostingArgs,
  network: Network,
  cluster: Cluster,
  applications: Readonly<Record<string, Application>>,
) {
  const dumps = dumped(settings);
  return {
    scope,
    schedules: {
      ...settings.schedules,
      ...(dumps ? dumpSchedules(settings.backups, Object.keys(settings.databases)) : {}),
    },
    applications: { ...applications, ...(dumps ? dumpRunners(scope) : {}) },
    door: dumps || hasDoor(settings),
    ...whereTasksRun(network, cluster),
    topicArn: notices.topicArn,
    logDays: posture.logDays,
  };
}

function whereTasksRun(network: Network, { clusterArn, clusterName }: Cluster) {
  return {
    clusterArn,
    clusterName,
    subnetIds: network.taskSubnetIds,
    assignPublicIp: network.assignPublicIp,
    securityGroupId: network.taskSecurityGroupId,
  };
}

/** Of the applications that run and say what their data is migrated to. */
function migrationsOf({ settings }: HostingArgs, applications: Readonly<Record<string, Application>>) {
  const known = Object.entries(applications).flatMap(([key, { release }]) =>
    release !== undefined && settings.applications[key]?.migrations !== undefined
      ? [[key, release.head] as const]
      : [],
  );
  return Object.fromEntries(known);
}
