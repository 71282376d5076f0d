import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS, type Settings } from "../config/settings";
import { Backups } from "./backups";
import { Bucket } from "./bucket";
import { mapValues, present } from "./collections";
import { Delivery } from "./delivery";
import { Hosting } from "./hosting";
import { Mailbox } from "./mailbox";
import type { Scope } from "./names";
import { Notices } from "./notices";
import { type Passport, passportId } from "./passport";
import type { Posture } from "./posture";
import { liftedUntil, liftedWords } from "./protected";
import { type SecretAge, secretAges } from "./secret-ages";
import { Secrets } from "./secrets";
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
            parent,
          );
    const backups = new Backups(
      "backups",
      {
        scope,
        ...settings.backups,
        copyRegion: settings.backupRegion,
        lockDays: posture.lockDays,
        databaseArns: Object.values(hosting?.databases ?? {}).map(({ instanceArn }) => instanceArn),
        bucketArns: Object.values(buckets).map(({ arn }) => arn),
        topicArn: notices.topicArn,
        forceDestroy: posture.forceDestroy,
        liftedUntil: lifted("backups"),
      },
      parent,
    );
    const delivery = new Delivery("delivery", deliveryArgs(args, scope, hosting), parent);
    if (posture.common || settings.ownZone) declareZone(settings, posture, scope, this);

    this.outputs = present({
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
      /** Where an application's images go, by application. */
      registries: mapValues(hosting?.registries ?? {}, ({ repositoryUrl }) => repositoryUrl),
      /** The ECS cluster; undefined where nothing runs. */
      cluster: hosting?.clusterName,
      /** Physical names of the schedules, by key. */
      schedules: hosting?.scheduleNames ?? {},
      /** Task definitions of the jobs that people start, by key. */
      jobs: hosting?.jobs ?? {},
      /** The dashboard's name in CloudWatch. */
      dashboard: hosting?.dashboardName,
      /** The topic that alarms speak to. */
      notices: notices.topicArn,
      /** The workflow files that this environment put into the application's repository. */
      workflows: delivery.workflows,
      /** The role that the deploy workflow assumes. */
      deployRole: delivery.roleArn,
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

function deliveryArgs(
  { settings, given, posture }: EnvironmentArgs,
  scope: Scope,
  hosting: Hosting | undefined,
) {
  const { webhook } = settings.notices;
  return {
    scope,
    order: ENVIRONMENTS,
    owner: settings.owner,
    ...settings.github,
    notices: settings.notices,
    reviewed: posture.reviewed,
    common: posture.common,
    applications: mapValues(hosting?.registries ?? {}, ({ repositoryUrl, repositoryArn }, key) => ({
      repositoryUrl,
      repositoryArn,
      directory: settings.applications[key]?.directory ?? ".",
    })),
    // An account takes GitHub's issuer once: where both share it, the sandbox, which stands first, registers it.
    registersIssuer: !(settings.oneAccount && posture.common),
    ...(webhook === undefined ? {} : { webhook: given[webhook] as pulumi.Input<string> }),
  };
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
