import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config/settings";
import { Application } from "./application";
import { Balancer } from "./balancer";
import type { Bucket } from "./bucket";
import { Certificate } from "./certificate";
import { Cluster } from "./cluster";
import { mapValues } from "./collections";
import { Database } from "./database";
import { Edge } from "./edge";
import { Guard } from "./guard";
import { allHosts, editorsByHost, longestIdle, probedUrl, publicPorts } from "./hosts";
import { Jobs } from "./jobs";
import { Monitoring } from "./monitoring";
import type { Scope } from "./names";
import { Network } from "./network";
import type { Notices } from "./notices";
import type { Posture } from "./posture";
import { Registry } from "./registry";
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
  readonly secrets: Secrets;
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly notices: Notices;
}

/** Everything that runs: network, databases, applications behind their edge, schedules, jobs, and who watches. */
export class Hosting extends pulumi.ComponentResource {
  /** By database key. */
  public readonly databases: Readonly<Record<string, Database>>;
  /** By application key. */
  public readonly registries: Readonly<Record<string, Registry>>;
  public readonly applications: Readonly<Record<string, Application>>;
  /** Public addresses by host. */
  public readonly urls: Readonly<Record<string, string>>;
  public readonly clusterName: pulumi.Output<string>;
  /** Physical names of schedules, by key. */
  public readonly scheduleNames: Readonly<Record<string, pulumi.Output<string>>>;
  /** Task definitions of jobs, by key. */
  public readonly jobs: Readonly<Record<string, pulumi.Output<string>>>;
  public readonly dashboardName: pulumi.Output<string>;

  constructor(name: string, args: HostingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:hosting:Hosting", name, {}, opts);
    const { scope, settings, posture, notices } = args;
    const parent = { parent: this };
    const hosts = allHosts(settings.applications);

    const network = declareNetwork(args, parent);
    this.databases = declareDatabases(args, network, parent);
    const cluster = new Cluster("cluster", { scope, containerInsights: posture.containerInsights }, parent);
    const certificate = new Certificate("certificate", { scope, hosts, zoneId: settings.zone.id }, parent);
    const balancer = new Balancer(
      "balancer",
      {
        scope,
        subnetIds: network.publicSubnetIds,
        securityGroupId: network.balancerSecurityGroupId,
        certificateArn: certificate.certificateArn,
        idleTimeout: longestIdle(settings.applications),
        deletionProtection: posture.deletionProtection,
      },
      parent,
    );
    const edge = new Edge(
      "edge",
      {
        scope,
        zone: settings.zone,
        hosts,
        target: balancer.dnsName,
        noindex: posture.noindex,
        editors: editorsByHost(settings.applications),
      },
      parent,
    );
    this.registries = mapValues(
      settings.applications,
      (_, application) =>
        new Registry(
          `registry-${application}`,
          { scope, application, forceDelete: posture.forceDestroy },
          parent,
        ),
    );
    this.applications = this.declareApplications(args, { network, cluster, balancer, edge }, hosts);

    const guard = this.declareGuard(args, network, cluster);
    const monitoring = this.declareMonitoring(args, { cluster, balancer, certificate, edge }, guard);
    const schedules =
      guard &&
      new Schedules(
        "schedules",
        {
          scope,
          schedules: settings.schedules,
          enabled: settings.enabled,
          applications: this.applications,
          guard,
          topicArn: notices.topicArn,
        },
        parent,
      );
    const jobs =
      guard && new Jobs("jobs", { scope, jobs: settings.jobs, applications: this.applications }, parent);

    this.urls = edge.urls;
    this.clusterName = cluster.clusterName;
    this.scheduleNames = schedules?.scheduleNames ?? {};
    this.jobs = jobs?.taskDefinitionArns ?? {};
    this.dashboardName = monitoring.dashboardName;
    this.registerOutputs({ urls: this.urls });
  }

  private declareApplications(
    { scope, settings, posture, release, secrets, buckets }: HostingArgs,
    {
      network,
      cluster,
      balancer,
      edge,
    }: { network: Network; cluster: Cluster; balancer: Balancer; edge: Edge },
    hosts: readonly string[],
  ): Record<string, Application> {
    return mapValues(settings.applications, (application, key) => {
      const registry = this.registries[key] as Registry;
      return new Application(
        key,
        {
          scope,
          key,
          settings: application,
          enabled: settings.enabled,
          digest: release[key],
          environmentName: ENVIRONMENT_NAMES[settings.environment],
          hosts,
          ...pickOf(registry),
          clusterArn: cluster.clusterArn,
          clusterName: cluster.clusterName,
          databases: this.databases,
          buckets,
          secretReferences: secrets.references,
          secretArns: secrets.arns,
          vpcId: network.vpcId,
          subnetIds: network.taskSubnetIds,
          assignPublicIp: network.assignPublicIp,
          securityGroupId: network.taskSecurityGroupId,
          listenerArn: balancer.listenerArn,
          originKey: edge.originKey,
          logDays: posture.logDays,
        },
        { parent: this },
      );
    });
  }

  /** Starts and watches what runs by the clock or by hand; nobody, where nothing does. */
  private declareGuard(
    { scope, settings, posture, notices }: HostingArgs,
    network: Network,
    cluster: Cluster,
  ): Guard | undefined {
    if (Object.keys(settings.schedules).length + Object.keys(settings.jobs).length === 0) return undefined;
    return new Guard(
      "guard",
      {
        scope,
        schedules: settings.schedules,
        applications: this.applications,
        clusterArn: cluster.clusterArn,
        clusterName: cluster.clusterName,
        subnetIds: network.taskSubnetIds,
        assignPublicIp: network.assignPublicIp,
        securityGroupId: network.taskSecurityGroupId,
        topicArn: notices.topicArn,
        logDays: posture.logDays,
      },
      { parent: this },
    );
  }

  private declareMonitoring(
    { scope, settings, release, notices }: HostingArgs,
    {
      cluster,
      balancer,
      certificate,
      edge,
    }: { cluster: Cluster; balancer: Balancer; certificate: Certificate; edge: Edge },
    guard: Guard | undefined,
  ): Monitoring {
    const url = settings.enabled ? probedUrl(settings.applications, (key) => key in release) : undefined;
    return new Monitoring(
      "monitoring",
      {
        scope,
        topicArn: notices.topicArn,
        globalTopicArn: notices.globalTopicArn,
        balancerArnSuffix: balancer.arnSuffix,
        clusterName: cluster.clusterName,
        certificateArn: certificate.certificateArn,
        services: this.watchedServices(settings, release),
        databases: mapValues(this.databases, ({ identifier }, key) => ({
          identifier,
          storage: settings.databases[key]?.storage ?? 0,
          size: settings.databases[key]?.size ?? "",
        })),
        queues: guard === undefined ? {} : { schedules: guard.deadLetterName },
        ...(url === undefined ? {} : { url, probeAfter: [edge, ...Object.values(this.applications)] }),
        ...settings.monitoring,
      },
      { parent: this },
    );
  }

  /** Every process by `<application>_<process>`, with how many are meant to run: none before the first release. */
  private watchedServices({ applications, enabled }: Settings, release: HostingArgs["release"]) {
    const services = Object.entries(this.applications).flatMap(([key, application]) =>
      Object.entries(application.services).map(([process, running]) => {
        const { count = 0, autoscale } = applications[key]?.processes[process] ?? {};
        const on = enabled && applications[key]?.enabled === true && key in release;
        return [
          `${key}_${process}`,
          { ...running, count: on && count > 0 ? (autoscale?.min ?? count) : 0 },
        ] as const;
      }),
    );
    return Object.fromEntries(services);
  }
}

/** What ENV says, unless an application says it itself. */
const ENVIRONMENT_NAMES = { sandbox: "SANDBOX", prod: "PRODUCTION" } as const;

function pickOf({ repositoryUrl, repositoryArn }: Registry) {
  return { repositoryUrl, repositoryArn };
}

/** The edge's own ranges, asked of Cloudflare: whoever else calls the balancer gets no answer. */
function declareNetwork(
  { scope, settings, network, posture }: HostingArgs,
  parent: pulumi.ComponentResourceOptions,
) {
  const ranges = cloudflare.getIpRangesOutput({});
  return new Network(
    "network",
    {
      scope,
      ...network,
      flowLogs: posture.flowLogs,
      logDays: posture.logDays,
      edgeRanges: { ipv4: ranges.ipv4Cidrs, ipv6: ranges.ipv6Cidrs },
      ports: publicPorts(settings.applications),
      databasePorts: [...new Set(Object.values(settings.databases).map(({ port }) => port))],
    },
    parent,
  );
}

function declareDatabases(
  { scope, settings, given, posture }: HostingArgs,
  network: Network,
  parent: pulumi.ComponentResourceOptions,
): Record<string, Database> {
  return mapValues(settings.databases, (database, key) => {
    const { adopt } = database;
    const password = adopt !== undefined && "instance" in adopt ? given[adopt.password] : undefined;
    return new Database(
      `database-${key}`,
      {
        scope,
        key,
        settings: database,
        subnetIds: network.privateSubnetIds,
        securityGroupId: network.databaseSecurityGroupId,
        multiAz: posture.multiAz,
        deletionProtection: posture.deletionProtection,
        finalSnapshot: posture.finalSnapshot,
        backupDays: posture.databaseBackupDays,
        recoveryDays: posture.secretRecoveryDays,
        logDays: posture.logDays,
        ...(password === undefined ? {} : { adoptedPassword: password }),
      },
      parent,
    );
  });
}
