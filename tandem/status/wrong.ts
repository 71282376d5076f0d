import { TITLES } from "../rotation-subject";
import type { Known } from "./known";
import type {
  BackupStatus,
  CertificateStatus,
  DatabaseStatus,
  HostStatus,
  PairStatus,
  Status,
} from "./status";

const DAY = 86_400_000;

/** Days before its end in which a certificate should have been renewed by itself. */
const CERTIFICATE_DAYS = 14;

/** Percent of a database's limit from which on its disk is about to be full. */
const FULL = 85;

/** Seconds that a backup may come later than the one before. */
const SLACK = 2 * 3600;

/** What is wrong with the environments that were looked at, and with what they have in common. */
export const wrongsOf = ({ parity, environments }: PairStatus): readonly string[] => [
  ...environments.flatMap(wrongs),
  ...rows(parity, "parity", ({ refused }) =>
    refused === 0 ? [] : [`parity is broken: ${refused} properties differ that nobody declared`],
  ),
];

/** What is wrong with an environment, a sentence each. What cannot be known here is not wrong. */
export function wrongs(status: Status): readonly string[] {
  if (!status.up) return [`${TITLES[status.environment]} is not up yet`];
  const found = [
    ...processes(status),
    ...status.hosts.flatMap((host) => addresses(host, status.at)),
    ...rows(status.origin, "the origin's certificate", (it) => certificate(it, "the origin", status.at)),
    ...failed(status.mail.servers, "mail"),
    ...rows(status.databases, "databases", (all) => all.flatMap((each) => database(each, status.at))),
    ...status.backups.flatMap((each) => backup(each, status.at)),
    ...failed(status.plan, "the zone's plan"),
    ...failed(status.maintenance, "maintenance"),
    ...status.secrets.over.map(
      ({ name, age, limit }) => `secret ${name} is ${age} days old, its limit is ${limit}`,
    ),
    ...rows(status.alarms, "alarms", ({ ringing }) => ringing.map(({ name }) => `alarm ${name} is ringing`)),
    ...rows(status.schedules, "schedules", (all) =>
      all.flatMap(({ key, overdue }) =>
        rows(overdue, `schedule ${key}`, (late) =>
          late ? [`schedule ${key} has not run when it was due`] : [],
        ),
      ),
    ),
  ];
  return [...new Set(found)].map((what) => `${TITLES[status.environment]}: ${what}`);
}

/** What is wrong with a row, or that it could not be looked at. */
function rows<T>(row: Known<T>, what: string, faults: (value: T) => readonly string[]): readonly string[] {
  return "value" in row ? faults(row.value) : failed(row, what);
}

const failed = (row: Known<unknown>, what: string): readonly string[] =>
  "unknown" in row && row.failed ? [`${what}: ${row.unknown}`] : [];

function processes({ processes: found }: Status): readonly string[] {
  return rows(found, "processes", (all) =>
    all.flatMap(({ process, running, desired, deployment }) => [
      ...(running < desired ? [`process ${process} runs ${running} of ${desired}`] : []),
      ...(deployment === "MISSING" ? [`process ${process} has no service in ECS`] : []),
      ...(deployment === "FAILED" ? [`the last deployment of ${process} failed`] : []),
    ]),
  );
}

function addresses({ host, ipv4, ipv6, tls }: HostStatus, at: string): readonly string[] {
  const none = (family: string) => (all: readonly string[]) =>
    all.length === 0 ? [`${host} has no ${family} address`] : [];
  return [
    ...rows(ipv4, host, none("IPv4")),
    ...rows(ipv6, host, none("IPv6")),
    ...rows(tls, `TLS of ${host}`, (it) => certificate(it, host, at)),
  ];
}

function certificate({ until, fault }: CertificateStatus, where: string, at: string): readonly string[] {
  if (fault !== undefined) return [`the certificate of ${where} is not trusted: ${fault}`];
  const days = Math.floor((Date.parse(until) - Date.parse(at)) / DAY);
  return days < CERTIFICATE_DAYS ? [`the certificate of ${where} ends in ${days} days`] : [];
}

function database(
  { key, state, disk, engine, supportedUntil }: DatabaseStatus,
  at: string,
): readonly string[] {
  const used = "value" in disk.used ? disk.used.value : 0;
  const percent = Math.round((100 * used) / disk.limit);
  return [
    // Its disk grows and its backup is taken while it serves.
    ...(/^(available|backing-up|storage-optimization|modifying|stopped)$/.test(state)
      ? []
      : [`database ${key} is ${state}`]),
    ...(percent >= FULL ? [`database ${key} uses ${percent} % of the disk that it may have`] : []),
    ...failed(disk.used, `disk of database ${key}`),
    ...rows(supportedUntil, `support of ${engine}`, (day) =>
      day < at.slice(0, 10) ? [`standard support of ${engine} ended on ${day}`] : [],
    ),
  ];
}

function backup(status: BackupStatus, at: string): readonly string[] {
  const { database: key, snapshot, dump, drill, within, drillWithin } = status;
  const old = (point: { readonly at: string } | undefined, limit: number) =>
    point === undefined || Date.parse(at) - Date.parse(point.at) > (limit + SLACK) * 1000;
  return [
    ...rows(snapshot, `snapshots of ${key}`, (it) =>
      old(it, within) ? [`the newest snapshot of database ${key} is older than its plan allows`] : [],
    ),
    ...rows(dump, `dumps of ${key}`, (it) => [
      ...(old(it, within) ? [`the newest dump of database ${key} is older than its plan allows`] : []),
      ...(it?.doubts ? [`the newest dump of database ${key} is doubtful: ${it.doubts}`] : []),
    ]),
    ...rows(drill, `drills of ${key}`, (it) => [
      ...(old(it, drillWithin) ? [`the last drill of database ${key} is older than its plan allows`] : []),
      ...(it?.ok === false ? [`the last drill of database ${key} failed`] : []),
    ]),
  ];
}
