import type { EnvironmentName } from "../../config/settings";
import type { Row } from "../rotation-table";
import type { Known } from "./known";

/** Both environments as they were found, or the one that was asked for. */
export interface PairStatus {
  readonly parity: Known<ParityStatus>;
  readonly environments: readonly Status[];
}

/** In how many properties the two differ. */
export interface ParityStatus {
  /** With a reason, in stacks/differences.ts. */
  readonly allowed: number;
  readonly refused: number;
}

/** One environment as it was found. Never a secret's value. */
export interface Status {
  readonly environment: EnvironmentName;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  /** Whether an `up` has brought it up. */
  readonly up: boolean;
  /** Whether its configuration lets it run. */
  readonly enabled: boolean;
  readonly region: string;
  /** Where databases and buckets have their copies. */
  readonly backupRegion: string;
  readonly processes: Known<readonly ProcessStatus[]>;
  /** By application that the public reaches: `open`, or until when it is closed and by whom. */
  readonly maintenance: Known<Readonly<Record<string, string>>>;
  readonly hosts: readonly HostStatus[];
  /** The certificate between the edge and the balancer. */
  readonly origin: Known<CertificateStatus>;
  readonly mail: MailStatus;
  readonly databases: Known<readonly DatabaseStatus[]>;
  readonly backups: readonly BackupStatus[];
  /** The plan of the zone at Cloudflare, and until when it is paid. */
  readonly plan: Known<PlanStatus>;
  /** About what a month costs, without usage. */
  readonly cost: Known<CostStatus>;
  readonly passport: Known<PassportStatus>;
  readonly secrets: {
    readonly all: number;
    readonly over: readonly Row[];
    /** The one that wants rotating first. @default the environment does not stand yet */
    readonly next?: Row;
  };
  readonly alarms: Known<AlarmsStatus>;
  readonly schedules: Known<readonly ScheduleStatus[]>;
  readonly links: { readonly logs: string; readonly dashboard?: string };
}

/** One process: an ECS service. */
export interface ProcessStatus {
  /** `<application>/<process>`. */
  readonly process: string;
  readonly running: number;
  readonly desired: number;
  /** The image by its digest; absent where it has no release. */
  readonly version?: string;
  /** When the present deployment began, ISO 8601. */
  readonly since?: string;
  /** How it went, in ECS's words: COMPLETED, IN_PROGRESS or FAILED; MISSING where there is no service. */
  readonly deployment?: string;
}

export interface HostStatus {
  readonly host: string;
  readonly ipv4: Known<readonly string[]>;
  readonly ipv6: Known<readonly string[]>;
  readonly tls: Known<CertificateStatus>;
}

export interface CertificateStatus {
  readonly issuer: string;
  /** ISO 8601. */
  readonly until: string;
  /** Why it is not trusted, or not issued. @default it is */
  readonly fault?: string;
}

export interface MailStatus {
  /** Addresses of the domain that are forwarded. */
  readonly addresses: readonly string[];
  /** Who receives the domain's mail; asked only where addresses are forwarded. */
  readonly servers: Known<readonly string[]>;
  /** Who is told of alarms. */
  readonly notices: readonly string[];
}

export interface DatabaseStatus {
  readonly key: string;
  readonly schema: string;
  readonly identifier: string;
  /** RDS's word: `available`. */
  readonly state: string;
  readonly size: string;
  /** Such as `mysql 8.4.6`. */
  readonly engine: string;
  /** The day on which its engine's standard support ends. */
  readonly supportedUntil: Known<string>;
  /** GiB. */
  readonly disk: { readonly used: Known<number>; readonly now: number; readonly limit: number };
}

/** The newest backup of each kind, of one database. */
export interface BackupStatus {
  readonly database: string;
  /** AWS Backup's recovery point. */
  readonly snapshot: Known<BackupPoint | undefined>;
  /** The last one that a release began with. */
  readonly release: Known<BackupPoint | undefined>;
  /** Until when RDS brings back any second, ISO 8601. */
  readonly anySecondUntil: Known<string | undefined>;
  readonly dump: Known<DumpPoint | undefined>;
  readonly drill: Known<DrillPoint | undefined>;
  /** Seconds after which one is missing. */
  readonly within: number;
  readonly drillWithin: number;
}

export interface BackupPoint {
  readonly name: string;
  readonly at: string;
  /** RDS's word: `available`. */
  readonly state: string;
}

export interface DumpPoint {
  readonly name: string;
  readonly at: string;
  readonly bytes: number;
  readonly rows: number;
  /** Why it may lack something; empty where it was found whole and as large as those before. */
  readonly doubts: string;
}

export interface DrillPoint {
  readonly at: string;
  readonly ok: boolean;
  /** How long the restore took, in seconds. @default unknown */
  readonly seconds?: number;
  /** How old its dump was, in seconds. @default unknown */
  readonly age?: number;
}

export interface PlanStatus {
  readonly name: string;
  /** When it is renewed, ISO 8601; undefined where it does not end. */
  readonly renewed: Known<string | undefined>;
}

export interface CostStatus {
  readonly amount: number;
  /** What the price rests on. */
  readonly basis: string;
}

export interface PassportStatus {
  readonly id: string;
  /** When the environment was last verified with it. @default it was not */
  readonly verified?: string;
}

export interface AlarmsStatus {
  readonly all: number;
  readonly ringing: readonly { readonly name: string; readonly since?: string; readonly what: string }[];
}

export interface ScheduleStatus {
  readonly key: string;
  readonly on: boolean;
  /** To the hour: CloudWatch sums by it. */
  readonly last: Known<string | undefined>;
  /** When it is due next, ISO 8601; absent while it is off. */
  readonly next?: string;
  /** Whether the silence detector misses it. */
  readonly overdue: Known<boolean>;
}
