import type { Known } from "./known";
import type {
  AlarmsStatus,
  BackupStatus,
  CertificateStatus,
  CostStatus,
  DatabaseStatus,
  HostStatus,
  PlanStatus,
  ProcessStatus,
  ScheduleStatus,
} from "./status";

/** Where the rows of one environment come from: simulated clouds, or real ones. One that cannot tell says why. */
export interface Sources {
  processes(): Promise<Known<readonly ProcessStatus[]>>;
  /** The text of an application's switch; undefined where there is none. */
  switched(application: string): Promise<string | undefined>;
  host(host: string): Promise<HostStatus>;
  origin(): Promise<Known<CertificateStatus>>;
  /** Who receives the domain's mail. */
  mailServers(): Promise<Known<readonly string[]>>;
  databases(): Promise<Known<readonly DatabaseStatus[]>>;
  backups(): Promise<readonly BackupStatus[]>;
  plan(): Promise<Known<PlanStatus>>;
  cost(): Promise<Known<CostStatus>>;
  alarms(): Promise<Known<AlarmsStatus>>;
  /** Last run and silence by schedule. */
  schedule(key: string): Promise<Pick<ScheduleStatus, "last" | "overdue">>;
}
