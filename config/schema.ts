import { z } from "zod";
import { DEFAULT_MYSQL, mysqlLine, supportedMysql } from "./engines";
import { FARGATE_CPU } from "./fargate";
import {
  cidr,
  command,
  cron,
  directory,
  duration,
  host,
  key,
  longestGap,
  mail,
  timeZone,
  variableName,
} from "./values";

/**
 * What a team says of its system: the class, not the case. `shared` in Pulumi.yaml and `differences` in
 * Pulumi.<stack>.yaml have this one shape; the second is laid over the first before it is read.
 */

const words = z.record(variableName, z.union([z.string(), z.number(), z.boolean()]).transform(String));

const process = z.strictObject({
  /** One line for a shell, or a list of words. @default the image's own command */
  command: command.optional(),
  /** Where the public reaches it. @default nowhere: a worker */
  host: host.optional(),
  /** Other hosts that lead to `host` by a permanent redirect, such as `www.`. */
  aliases: z.array(host).default([]),
  /** Port that the process listens on. */
  port: z.int().min(1).max(65_535).default(8000),
  /** The path that answers 2xx or 3xx when the process is well. */
  healthPath: z.string().startsWith("/", "a path that begins with /").max(1024).default("/"),
  /** How many run. 0 is legal: declared and asleep. */
  count: z.int().min(0).max(100).default(1),
  /** CPU units, 1024 to a core. */
  cpu: z.literal(FARGATE_CPU).default(256),
  /** Memory in MiB. */
  memory: z.int().default(512),
  /** Never two at once, not even during a deployment. */
  exactlyOne: z.boolean().default(false),
  /** How long a connection may be silent. The load balancer takes the longest of its processes. */
  idleTimeout: duration.pipe(z.number().max(4000, "at most 4000s")).default(60),
  /** How long the process may take to end. */
  stopTimeout: duration.pipe(z.number().max(120, "at most 120s")).default(30),
  /** Between which counts CPU load decides. @default the fixed count */
  autoscale: z
    .strictObject({
      min: z.int().min(1).max(100),
      max: z.int().min(1).max(100),
      /** CPU load to hold, in percent. */
      cpuPercent: z.int().min(10).max(90).default(60),
    })
    .optional(),
});

const databaseUse = z.strictObject({
  /** What the variables begin with: DB gives DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD. */
  prefix: variableName.default("DB"),
  /** A variable that carries all of it as one URL. @default none */
  url: variableName.optional(),
});

const secretUse = z
  .union([z.array(variableName), z.record(variableName, variableName)])
  .transform((use) => (Array.isArray(use) ? Object.fromEntries(use.map((name) => [name, name])) : use));

export const application = z.strictObject({
  /** Off stops its processes and schedules; data and configured counts stay. */
  enabled: z.boolean().default(true),
  processes: z.record(key(20), process),
  /** Where it stands in the repository: its Dockerfile and all that its image is built from. */
  directory: directory.default("."),
  /** Run once for each new version, before it serves: migrations, static files. At most 14 minutes at a time. */
  release: command.optional(),
  /**
   * Prints on its last line what the database is migrated to, such as the newest migration's name. Said alike
   * before and after `release`, no migration ran, and a version that fails is rolled back by itself.
   * @default none: every `release` counts as a migration
   */
  migrations: command.optional(),
  /**
   * Paths of scripts and styles that the application makes while it runs. Any other that carries the sandbox's own
   * values has them baked in, and is not promoted.
   */
  runtimeScripts: z.array(z.string().startsWith("/", "a path that begins with /").max(1024)).default([]),
  /** Loads demonstration data after the first release. Legal in the sandbox only. */
  demoData: command.optional(),
  /** Variables in clear. `null` in the shared part means: every environment says its own. */
  variables: words.default({}),
  /** Secrets it receives: names, or a map of variable to secret where they differ. */
  secrets: secretUse.default({}),
  /** Databases it reaches, by key. */
  databases: z.record(key(20), databaseUse).default({}),
  /** Buckets it may read and write: bucket key to the variable that carries the bucket's name. */
  buckets: z.record(key(20), variableName).default({}),
  /** Who may reach it at all, checked at the edge. @default everybody */
  editors: z.array(mail).min(1, "at least one address").optional(),
});

const secretInFull = z.strictObject({
  kind: z.enum(["generated", "given"]),
  /** Characters of a generated one. */
  length: z.int().min(32).max(128).default(50),
  /** Where a person gets a given one. */
  from: z.string().optional(),
  /** How long the former value is still accepted after a rotation: the longest life of what was signed with it. */
  life: duration.default(14 * 86_400),
  /** The age at which somebody is told that it wants rotating. */
  limit: duration.default(365 * 86_400),
});

const secret = z.union([
  z
    .enum(["generated", "given"])
    .transform((kind) => ({ kind }))
    .pipe(secretInFull),
  secretInFull,
]);

const database = z.strictObject({
  engine: z.literal("mysql", "mysql: other engines have no component yet").default("mysql"),
  version: z
    .string('a version in quotes, such as "8.4"')
    .refine((version) => mysqlLine(version) !== undefined, {
      error: () => `a MySQL version in standard support: ${supportedMysql()}`,
    })
    .default(DEFAULT_MYSQL),
  /** The schema's name, as the application spells it. */
  name: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "a letter, then up to 63 letters, digits or _"),
  /** The application's own user. */
  user: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,15}$/, "a lower case letter, then up to 15 letters, digits or _")
    .refine(
      (user) => !["root", "admin", "rdsadmin", "mysql"].includes(user),
      "the application's own user, never root, admin, mysql or rdsadmin",
    )
    .default("app"),
  port: z.literal(3306, "3306, MySQL's port (5432 is PostgreSQL's)").default(3306),
  /** Instance class. */
  size: z
    .string()
    .regex(/^db\.(t4g|m[678]g|r[678]g)\.[0-9a-z]+$/, "an ARM instance class such as db.t4g.micro")
    .default("db.t4g.micro"),
  /** Disk at first, in GiB. It grows by itself and never shrinks. */
  storage: z.int().min(20, "at least 20 GiB: gp3's smallest").max(65_536).default(20),
  /** How far the disk may grow, in GiB. */
  maxStorage: z.int().min(22).max(65_536).default(100),
  /** An existing database to take over instead of creating an empty one. */
  adopt: z
    .union(
      [
        /** A new instance from this snapshot: the data is adopted, the original stays as it is. */
        z.strictObject({ snapshot: z.string().min(1) }),
        /** The instance itself, used where it stands: never changed, never deleted. */
        z.strictObject({ instance: z.string().min(1), password: variableName }),
      ],
      "{ snapshot: <identifier> } or { instance: <identifier>, password: <name of a given secret> }",
    )
    .optional(),
});

const bucket = z.strictObject({
  /** Days that a replaced or deleted version is kept. */
  keepVersions: z.int().min(1).max(3650).default(30),
  /** Days after which an object is deleted. @default never */
  expire: z.int().min(1).max(3650).optional(),
});

const task = {
  application: key(20),
  command,
  /** Ended, and told, after this long. */
  timeout: duration.pipe(z.number().max(86_400, "at most 24h")).default(3600),
  cpu: process.shape.cpu,
  memory: process.shape.memory,
};

const schedule = z
  .strictObject({
    ...task,
    cron,
    timeZone: timeZone.default("UTC"),
    /** Whether a run may start while the one before still runs. */
    overlap: z.boolean().default(false),
    enabled: z.boolean().default(true),
  })
  /** The longest time between two runs, in seconds: a run is missed when more has passed. */
  .transform((said) => ({ ...said, everySeconds: longestGap(said.cron, said.timeZone) }));

const job = z.strictObject({
  ...task,
  /** What the person who starts it is asked for: variable to question. */
  inputs: z
    .record(variableName, z.strictObject({ question: z.string().min(1), default: z.string().optional() }))
    .default({}),
});

const repositoryName = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/, "a repository's name without its owner");

const github = z.strictObject({
  /** The application's repository, without its owner. */
  repository: repositoryName,
  /** The repository with this stack, of the same owner: its pull requests may preview. @default none may */
  stack: repositoryName.optional(),
  /**
   * Whether to create the repository; otherwise the existing one is used. GitHub keeps it when the sandbox is
   * destroyed: from then on this is false.
   */
  create: z.boolean().default(false),
  /** Who sees a repository that is created. Reviewers of a private one need GitHub Enterprise. */
  visibility: z.enum(["private", "public"]).default("private"),
  branch: z.string().min(1).default("main"),
  /** Who may approve a promotion: GitHub logins. */
  reviewers: z
    .array(z.string().regex(/^[A-Za-z0-9-]{1,39}$/, "a GitHub login"))
    .max(6)
    .default([]),
});

const mailbox = z.strictObject({
  /** What stands before the @, and who receives it. */
  addresses: z.record(
    z.string().regex(/^[a-z0-9._-]{1,64}$/, "what stands before the @"),
    z.array(mail).length(1, "one address: a Cloudflare rule forwards to one; use a group for more"),
  ),
  dmarc: z.enum(["none", "quarantine", "reject"]).default("quarantine"),
});

/** Pulumi reads a day without quotes as an instant, and hands that on in two spellings. */
const day = z
  .string()
  .transform((text) => text.replace(/[T ]00:00:00(Z| \+0000 UTC)$/, ""))
  .pipe(z.iso.date("a day such as 2026-12-31"));

export const settings = z.strictObject({
  /** Off stops applications, workers and schedules of the whole environment; data stays. */
  enabled: z.boolean().default(true),
  /** Whether both environments stand in one AWS account. Two are the norm. */
  oneAccount: z.boolean().default(false),
  /** The second region, where backups are copied. */
  backupRegion: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region such as eu-central-1"),
  /** The Cloudflare zone that the hosts belong to. */
  zone: z.strictObject({
    name: host,
    id: z.string().regex(/^[0-9a-f]{32}$/, "the zone's id: 32 hexadecimal digits"),
    accountId: z.string().regex(/^[0-9a-f]{32}$/, "the account's id: 32 hexadecimal digits"),
  }),
  github,
  notices: z.strictObject({
    /** Who is told by mail. */
    mails: z.array(mail).min(1, "at least one address: silence is no notice"),
    /** A given secret with the webhook's URL, for workflows. @default mail only */
    webhook: variableName.optional(),
  }),
  /** Needed by applications and databases; a system without them has none. */
  network: z
    .strictObject({
      /** The environment's address range, from /16 to /22. Fixed at the first `up`: nothing in it can move. */
      cidr,
      zones: z.union([z.literal(2), z.literal(3)], "2 or 3").default(2),
      /** Private ways out cost $36.50 a month each; nothing of tandem needs one. */
      nat: z.enum(["none", "one", "each-zone"]).default("none"),
      /** Ranges in use elsewhere (office, VPN, the other environment), which this one must not overlap. */
      reserved: z.array(cidr).default([]),
    })
    .optional(),
  databases: z.record(key(20), database).default({}),
  buckets: z.record(key(20), bucket).default({}),
  secrets: z.record(variableName, secret).default({}),
  applications: z.record(key(20), application).default({}),
  schedules: z.record(key(20), schedule).default({}),
  jobs: z.record(key(20), job).default({}),
  backups: z
    .strictObject({
      /** At least every six days: a rarer backup that never starts is told by nobody. */
      cron: cron.default("17 3 * * *"),
      timeZone: timeZone.default("Europe/Paris"),
      /** Days that a backup is kept. */
      keep: z.int().min(1).max(365).default(30),
    })
    /** The longest time between two backups, in seconds: one is missing when more has passed. */
    .transform((said) => ({ ...said, everySeconds: longestGap(said.cron, said.timeZone) }))
    .prefault({}),
  promotion: z
    .strictObject({
      /** How old the sandbox's verification may be when production takes its release. */
      maxAge: duration.default(7 * 86_400),
    })
    .prefault({}),
  /** What may be replaced or deleted although it holds data: its protection is set aside until that day. */
  acknowledged: z
    .array(
      z.strictObject({
        what: z
          .string()
          .regex(
            /^(databases|buckets|registries)\.[a-z][a-z0-9-]*$|^backups$/,
            "databases.<key>, buckets.<key>, registries.<application> or backups",
          ),
        /** The last day on which it holds. */
        until: day,
        because: z.string().min(8, "the reason, in a few words"),
      }),
    )
    .default([]),
  edge: z
    .strictObject({
      /** Requests a minute that one address may make. */
      rateLimit: z.int().min(60).max(100_000).default(1000),
    })
    .prefault({}),
  monitoring: z
    .strictObject({
      /** US dollars a month; told at 80 % and when the forecast passes it. */
      budget: z.int().min(1).default(100),
      /** Seconds that the slowest 5 % of answers may take. */
      slow: z.number().min(0.1).max(60).default(2),
    })
    .prefault({}),
  mailbox: mailbox.optional(),
});

export type Declared = z.output<typeof settings>;
export type ApplicationSettings = z.output<typeof application>;
export type ProcessSettings = z.output<typeof process>;
export type DatabaseSettings = z.output<typeof database>;
export type ScheduleSettings = z.output<typeof schedule>;
export type JobSettings = z.output<typeof job>;
export type SecretSettings = z.output<typeof secretInFull>;
export type MailboxSettings = z.output<typeof mailbox>;
