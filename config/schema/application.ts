import { z } from "zod";
import { FARGATE_CPU } from "../fargate";
import { command, directory, duration, host, key, mail, variableName } from "../values";
import { maintenance } from "./maintenance";

export const words = z.record(variableName, z.union([z.string(), z.number(), z.boolean()]).transform(String));

export const process = z.strictObject({
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

/** An outside source of data, such as another administration's API. */
const source = z.strictObject({
  /** Variables and secrets of the application that say where it is and who asks: its address, its key. */
  variables: z.array(variableName).min(1, "at least one variable or secret of the application"),
  /** A job of the application that fails where the source lacks something, and asks for nothing. */
  check: key(20),
});

export const application = z.strictObject({
  /** Off stops its processes and schedules; data and configured counts stay. */
  enabled: z.boolean().default(true),
  processes: z.record(key(20), process),
  /** Where it stands in the repository: its Dockerfile and all that its image is built from. */
  directory: directory.default("."),
  /** Run once for each new version, before it serves: migrations, static files. At most 14 minutes at a time. */
  release: command.optional(),
  /**
   * Tests it before it is released, in its own image, beside an empty database of the same engine whose user may
   * create more of them. @default the build is the only test
   */
  test: command.optional(),
  /**
   * Prints on its last line what the database is migrated to, such as the newest migration's name. Said alike
   * before and after `release`, no migration ran, and a version that fails is rolled back by itself.
   * @default none: every `release` counts as a migration
   */
  migrations: command.optional(),
  /**
   * Looks whether the application finds its data whole, ends with 0 then, and changes nothing. Run on a restored
   * schema before that is served. @default nothing looks but the restore itself
   */
  check: command.optional(),
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
  /**
   * Outside sources of its data. One whose values change is checked with the new ones before anything runs with
   * them, also the very first time; where the check fails, the former values run on.
   */
  sources: z.record(key(20), source).default({}),
  /** Databases it reaches, by key. */
  databases: z.record(key(20), databaseUse).default({}),
  /** Buckets it may read and write: bucket key to the variable that carries the bucket's name. */
  buckets: z.record(key(20), variableName).default({}),
  /** How it is closed for a while: what the public sees meanwhile, who passes, and when. */
  maintenance: maintenance.prefault({}),
  /** Who may reach it at all, checked at the edge. @default everybody */
  editors: z.array(mail).min(1, "at least one address").optional(),
});
