import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS, type Settings } from "../config/settings";
import { Backups } from "./backups";
import { Bucket } from "./bucket";
import { mapValues, present } from "./collections";
import { Delivery } from "./delivery";
import { Dumps } from "./dumps";
import { Hosting } from "./hosting";
import { resting } from "./hosting-office";
import { Intake } from "./intake";
import type { StartableTasks } from "./job-buttons";
import { Mailbox } from "./mailbox";
import { shownHosts } from "./maintenance-bindings";
import type { Scope } from "./names";
import { Notices } from "./notices";
import { leftToTheKeeper } from "./office-hours";
import { type Passport, passportId } from "./passport";
import type { Posture } from "./posture";
import { liftedUntil, liftedWords } from "./protected";
import { type SecretAge, secretAges } from "./secret-ages";
import { Secrets } from "./secrets";
import { Site } from "./site";
import { proofOf } from "./workflows/proof";
import { Zone } from "./zone";

/** What an environment needs to stand. */
export interface EnvironmentArgs {
  /** The checked configuration. */
  readonly settings: Settings;
  /** Values of the given secrets, by name. */
  readonly given: Readonly<Record<string, pulumi.Input<string>>>;
  /** Former values of the given secrets that were rotated and not yet retired, by name. @default none */
  readonly previous?: Readonly<Record<string, pulumi.Input<string>>>;
  /** What this environment does by nature: stacks/postures.ts. */
  readonly posture: Posture;
  /** Image digest by application; an application without one is declared and does not run. */
  readonly release: Readonly<Record<string, string>>;
  /** Which program declares it: part of its passport. */
  readonly program: Passport["program"];
  /** The present instant, ISO 8601. */
  readonly now: string;
  /** Since when each secret has its generation, as the last `up` said. @default now */
  readonly ages?: Readonly<Record<string, SecretAge>>;
  /** The passports that this environment took, the newest first. @default it takes none */
  readonly passports?: readonly Passport[];
}

/** A whole environment: everything that one stack declares. */
export class Environment extends pulumi.ComponentResource {
  /** The stack's outputs. Each is public: none carries a secret. */
  public readonly outputs: Record<string, unknown>;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:environment:Environment", name, {}, opts);
    const { settings, given, posture, release } = args;
    const scope = scopeOf(settings);
    const parent = { parent: this };
    const lifted = (what: string) => liftedUntil(settings.acknowledged, what, args.now);
    // Where nothing is protected, nothing is lifted.
    if (!posture.forceDestroy)
      for (const words of liftedWords(settings, args.now)) pulumi.log.warn(words, this);

    const notices = new Notices("notices", { scope, mails: settings.notices.mails }, parent);
    const secrets = new Secrets(
      "secrets",
      {
        scope,
        declared: settings.secrets,
        given,
        previous: args.previous ?? {},
        rotations: settings.rotations,
        recoveryDays: posture.secretRecoveryDays,
      },
      parent,
    );
    const buckets = mapValues(
      settings.buckets,
      (bucket, key) =>
        new Bucket(
          `bucket-${key}`,
          {
            scope,
            role: key,
            ...bucket,
            forceDestroy: posture.forceDestroy,
            liftedUntil: lifted(`buckets.${key}`),
            eventBridge: Object.values(settings.intake).some((each) => each.bucket === key),
          },
          parent,
        ),
    );
    const hosting =
      settings.network === undefined
        ? undefined
        : new Hosting(
            "hosting",
            {
              scope,
              settings,
              network: settings.network,
              given,
              posture,
              release,
              now: args.now,
              secrets,
              buckets,
              notices,
              lifted,
            },
            { ...parent, transformations: [leftToTheKeeper(settings.officeHours)] },
          );
    const backups = new Backups(
      "backups",
      {
        scope,
        ...settings.backups,
        copyRegion: settings.backupRegion,
        lockDays: posture.lockDays,
        // One that stands still on purpose keeps the backups that it has.
        databaseArns: Object.entries(hosting?.databases ?? {}).flatMap(([key, { instanceArn }]) =>
          resting(settings).includes(key) ? [] : [instanceArn],
        ),
        bucketArns: Object.values(buckets).map(({ arn }) => arn),
        topicArn: notices.topicArn,
        forceDestroy: posture.forceDestroy,
        liftedUntil: lifted("backups"),
      },
      parent,
    );
    const dumps = declareDumps(args, scope, hosting, backups, notices, this);
    if (Object.keys(settings.intake).length > 0)
      new Intake("intake", intakeArgs(args, scope, buckets, hosting, notices), parent);
    const sites = mapValues(
      settings.sites,
      (_, key) => new Site(`site-${key}`, siteArgs(args, scope, key, lifted(`sites.${key}`)), parent),
    );
    const delivery = new Delivery("delivery", deliveryArgs(args, scope, hosting, sites), parent);
    if (posture.common || settings.ownZone) declareZone(settings, posture, scope, this);

    this.outputs = present({
      /** Where each site answers, and the bucket or Pages project that its files are in, by key. */
      sites: mapValues(sites, ({ url, holder }) => ({ url, holder })),
      /** The bucket with the switches that close applications; undefined where nothing runs. */
      switches: hosting?.maintenance.bucket,
      /** Addresses of the applications, by host. */
      urls: hosting?.urls ?? {},
      /** Where each database answers; its password is in Secrets Manager only. */
      databases: mapValues(hosting?.databases ?? {}, ({ host, port, schema, user }) => ({
        host,
        port,
        schema,
        user,
      })),
      /** Physical names of the application's buckets, by key. */
      buckets: mapValues(buckets, ({ bucket }) => bucket),
      /** The locked backup bucket, its copy, and the AWS Backup vault. */
      backups: { bucket: backups.bucket, replica: backups.replicaBucket, vault: backups.vaultName },
      /** What dumps and restores databases: the function to ask, and where each database's tasks write. */
      dumps: dumps && {
        door: hosting?.dumpDoor?.name,
        logs: dumps.logGroupNames,
        schedules: dumps.scheduleNames,
      },
      /** Where an application's images go, by application. */
      registries: mapValues(hosting?.registries ?? {}, ({ repositoryUrl }) => repositoryUrl),
      /** The ECS cluster; undefined where nothing runs. */
      cluster: hosting?.clusterName,
      /** Physical names of the schedules, by key. */
      schedules: hosting?.scheduleNames ?? {},
      /** Task definitions of the jobs that people start, by key. */
      jobs: hosting?.jobs ?? {},
      /** The function that keeps the office hours; undefined where it has none. */
      keeper: hosting?.keeper,
      /** The dashboard's name in CloudWatch. */
      dashboard: hosting?.dashboardName,
      /** The topic that alarms speak to. */
      notices: notices.topicArn,
      /** The workflow files that this environment put into the application's repository. */
      workflows: delivery.workflows,
      /** The role that the deploy workflow assumes. */
      deployRole: delivery.roleArn,
      /** The role that reads this environment's images for the next one; undefined where there is no next one. */
      imagesReaderRole: delivery.imagesReaderRoleArn,
      /** The role that pull requests of the stack's own repository take on; undefined where it is not named. */
      previewRole: delivery.previewRoleArn,
      /** What production needs to know of the sandbox before it takes over a release. */
      passport: passportOf(args, hosting),
      /** The passports that it took, the newest first: what it can go back to. Production only. */
      passports: args.passports ?? [],
      /** Of each secret and database user: generation, since when, limit, who uses it. Never a value. */
      secrets: secretAges(args),
    });
    this.registerOutputs(this.outputs);
  }
}

function scopeOf({ project, environment, region, accountId }: Settings): Scope {
  return { project, environment, region, accountId };
}

/** Its files come from its repository: backups leave them out. */
function siteArgs(
  { settings, given, posture }: EnvironmentArgs,
  scope: Scope,
  key: string,
  lifted: string | undefined,
) {
  const { zone, owner, github, notices, sites } = settings;
  const site = sites[key] as Settings["sites"][string];
  const { repository = github.repository, branch = github.branch, mails = notices.mails, token } = site;
  return {
    scope,
    key,
    settings: site,
    zone,
    source: { owner, repository, branch },
    noindex: posture.noindex,
    forceDestroy: posture.forceDestroy,
    liftedUntil: lifted,
    mails,
    token: token === undefined ? undefined : given[token],
  };
}

function deliveryArgs(
  { settings, given, posture, release }: EnvironmentArgs,
  scope: Scope,
  hosting: Hosting | undefined,
  sites: Readonly<Record<string, Site>>,
) {
  const { dispatch, reports, ...github } = settings.github;
  const { webhook, smtp } = settings.notices;
  const secretOf = (name: string | undefined) => (name === undefined ? undefined : given[name]);
  return {
    scope,
    order: ENVIRONMENTS,
    owner: settings.owner,
    ...github,
    reports: reports === "none" ? undefined : reports,
    notices: settings.notices,
    reviewed: posture.reviewed,
    common: posture.common,
    applications: mapValues(hosting?.registries ?? {}, ({ repositoryUrl, repositoryArn }, key) => ({
      repositoryUrl,
      repositoryArn,
      directory: settings.applications[key]?.directory ?? ".",
      proof: proofOf(settings, key),
    })),
    // An account takes GitHub's issuer once: where both share it, the sandbox, which stands first, registers it.
    registersIssuer: !(settings.oneAccount && posture.common),
    webhook: secretOf(webhook),
    smtp: secretOf(smtp),
    dispatch: secretOf(dispatch),
    jobs: startable(settings, release, hosting),
    sites: mapValues(sites, ({ deployed }) => deployed),
    switches: hosting && {
      bucket: hosting.maintenance.bucket,
      arn: hosting.maintenance.arn,
      applications: shownHosts(settings.applications),
    },
  };
}

/** What people and GitHub start here. GitHub's clock starts nothing that is off or that there is no image for. */
function startable(
  { enabled, applications, jobs, schedules }: Settings,
  release: Readonly<Record<string, string>>,
  hosting: Hosting | undefined,
): StartableTasks | undefined {
  const guardFunction = hosting?.door;
  if (guardFunction === undefined) return undefined;
  const due = Object.entries(schedules).filter(
    ([, { by, application, enabled: on }]) =>
      by === "github" && on && enabled && applications[application]?.enabled && application in release,
  );
  return { guardFunction, jobs, schedules: Object.fromEntries(due) };
}

function intakeArgs(
  { settings, posture }: EnvironmentArgs,
  scope: Scope,
  buckets: Readonly<Record<string, Bucket>>,
  hosting: Hosting | undefined,
  { topicArn }: Notices,
) {
  return {
    scope,
    intakes: mapValues(settings.intake, (each) => {
      const { bucket, arn } = buckets[each.bucket] as Bucket;
      return { settings: each, bucket, bucketArn: arn };
    }),
    enabled: settings.enabled,
    // Only for those that check: whoever may not start a job is not given its door.
    door: Object.values(settings.intake).some(({ check }) => check !== undefined) ? hosting?.door : undefined,
    topicArn,
    logDays: posture.logDays,
  };
}

/** The dumps of the databases; undefined where there is none, or none is wanted. */
function declareDumps(
  { settings, posture }: EnvironmentArgs,
  scope: Scope,
  hosting: Hosting | undefined,
  { bucket, bucketArn }: Backups,
  { topicArn }: Notices,
  parent: pulumi.Resource,
): Dumps | undefined {
  if (hosting?.dumpGuard === undefined) return undefined;
  return new Dumps(
    "dumps",
    {
      scope,
      settings: settings.backups,
      databases: hosting.databases,
      enabled: settings.enabled,
      resting: resting(settings),
      refreshable: posture.forceDestroy,
      guard: hosting.dumpGuard,
      bucket,
      bucketArn,
      topicArn,
      logDays: posture.logDays,
    },
    { parent },
  );
}

function declareZone(settings: Settings, posture: Posture, scope: Scope, parent: pulumi.Resource): void {
  const { zone, edge, mailbox } = settings;
  new Zone("zone", { scope, zone, rateLimit: edge.rateLimit }, { parent });
  // A Cloudflare account knows a destination once, whichever zone forwards to it: one stack declares it.
  if (mailbox !== undefined && posture.common)
    new Mailbox("mailbox", { scope, zone, settings: mailbox }, { parent });
}

/** Complete once the deployment was looked at: a run that fails before says nothing new. */
function passportOf(
  { settings, release, program }: EnvironmentArgs,
  hosting: Hosting | undefined,
): pulumi.Output<Passport> {
  const base = {
    id: passportId(release),
    environment: settings.environment,
    release,
    configuration: mapValues(settings.applications, ({ variables, secrets }) =>
      [...Object.keys(variables), ...Object.keys(secrets)].sort(),
    ),
    program,
  };
  return pulumi
    .all([pulumi.all(hosting?.migrations ?? {}), hosting?.verification])
    .apply(([migrations, verification]) => ({
      ...base,
      migrations,
      ...(verification == null ? {} : { verification }),
    }));
}
