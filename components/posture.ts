/** What an environment does by nature, whatever system it carries. stacks/postures.ts has the values and why. */
export interface Posture {
  /** Whether it declares what exists once for both environments: repository rules, zone settings, mailbox. */
  readonly common: boolean;
  /** Whether databases stand in two zones. */
  readonly multiAz: boolean;
  /** Whether database and load balancer refuse to be deleted. */
  readonly deletionProtection: boolean;
  /** Whether a deleted database leaves a snapshot. */
  readonly finalSnapshot: boolean;
  /** Days of the past to any second of which a database restores. */
  readonly databaseBackupDays: number;
  /** Whether to record who talked to whom. */
  readonly flowLogs: boolean;
  /** Days that logs are kept. */
  readonly logDays: number;
  /** Days that a deleted secret can be brought back; 0 frees its name at once. */
  readonly secretRecoveryDays: number;
  /** Whether a destroy takes objects, images and recovery points along. */
  readonly forceDestroy: boolean;
  /** Days before which nobody deletes a backup. */
  readonly lockDays: number;
  /** Whether search engines are sent away. */
  readonly noindex: boolean;
  /** Whether tasks are measured one by one. */
  readonly containerInsights: boolean;
  /** Whether a person approves what is deployed. */
  readonly reviewed: boolean;
}
