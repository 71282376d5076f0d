import { z } from "zod";
import { application, type process } from "./schema/application";
import { backups } from "./schema/backups";
import { bucket, database } from "./schema/data";
import { github } from "./schema/github";
import { intake } from "./schema/intake";
import { mailbox } from "./schema/mailbox";
import type { maintenance } from "./schema/maintenance";
import { notices } from "./schema/notices";
import { officeHours } from "./schema/office";
import { secret, type secretInFull } from "./schema/secret";
import { site } from "./schema/site";
import { job, schedule } from "./schema/tasks";
import { cidr, duration, host, key, variableName } from "./values";

/**
 * What a team says of its system: the class, not the case. `shared` in Pulumi.yaml and `differences` in
 * Pulumi.<stack>.yaml have this one shape; the second is laid over the first before it is read.
 */

/** Pulumi reads a day without quotes as an instant, and hands that on in two spellings. */
const day = z
  .string()
  .transform((text) => text.replace(/[T ]00:00:00(Z| \+0000 UTC)$/, ""))
  .pipe(z.iso.date("a day such as 2026-12-31"));

export const settings = z.strictObject({
  /** Off stops applications, workers and schedules of the whole environment; data stays. */
  enabled: z.boolean().default(true),
  /** When processes run, and where asked databases. @default always */
  officeHours: officeHours.optional(),
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
  notices,
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
  /** What arrives from outside in folders of the buckets, told once each; and what is late. */
  intake: z.record(key(20), intake).default({}),
  /** Static sites: compiled by a workflow, or by the host's own pipeline. */
  sites: z.record(key(20), site).default({}),
  backups,
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
            /^(databases|buckets|registries|sites)\.[a-z][a-z0-9-]*$|^(backups|switches)$/,
            "databases.<key>, buckets.<key>, registries.<application>, sites.<key>, backups or switches",
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
export type SourceSettings = ApplicationSettings["sources"][string];
export type MaintenanceSettings = z.output<typeof maintenance>;
export type ProcessSettings = z.output<typeof process>;
export type BackupSettings = z.output<typeof backups>;
export type DatabaseSettings = z.output<typeof database>;
export type ScheduleSettings = z.output<typeof schedule>;
export type JobSettings = z.output<typeof job>;
export type SecretSettings = z.output<typeof secretInFull>;
export type MailboxSettings = z.output<typeof mailbox>;
export type NoticesSettings = z.output<typeof notices>;
export type SiteSettings = z.output<typeof site>;
export type GithubSettings = z.output<typeof github>;
