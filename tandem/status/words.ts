import pc from "picocolors";
import { TITLES } from "../rotation-subject";
import { backupLines, drillLines } from "./backup-words";
import type { Known } from "./known";
import type {
  CertificateStatus,
  DatabaseStatus,
  HostStatus,
  ProcessStatus,
  ScheduleStatus,
  Status,
} from "./status";
import { ago, day, instant, left } from "./time-words";

/** The rows: a title, and what is said of an environment, a line each. */
const ROWS: readonly (readonly [string, (status: Status) => readonly string[]])[] = [
  ["state", ({ up, enabled }) => [!up ? "not up yet" : enabled ? "on" : "off, its data stays"]],
  ["region", ({ region, backupRegion }) => [`${region}, copies in ${backupRegion}`]],
  [
    "passport",
    ({ passport }) =>
      said(passport, ({ id, verified }) => [
        id,
        verified === undefined ? "never verified" : `verified ${instant(verified)}`,
      ]),
  ],
  [
    "processes",
    ({ processes, at }) => said(processes, (all) => all.flatMap((each) => processLines(each, at))),
  ],
  [
    "maintenance",
    ({ maintenance }) =>
      said(maintenance, (all) => Object.entries(all).map(([key, text]) => `${key} ${text}`)),
  ],
  ["hosts", ({ hosts, at }) => hosts.flatMap((host) => hostLines(host, at))],
  ["origin TLS", ({ origin, at }) => said(origin, (it) => [certificate(it, at)])],
  ["mail", mailLines],
  [
    "databases",
    ({ databases, at }) => said(databases, (all) => all.flatMap((each) => databaseLines(each, at))),
  ],
  ["backups", ({ backups, at }) => backups.flatMap((each) => backupLines(each, at))],
  ["drills", ({ backups, at }) => backups.flatMap((each) => drillLines(each, at))],
  ["schedules", ({ schedules }) => said(schedules, (all) => all.flatMap(scheduleLines))],
  [
    "secrets",
    ({ secrets: { all, over } }) =>
      over.length === 0
        ? [`${all}, none too old`]
        : over.map(({ name, age }) => `${name} is too old: ${age} days`),
  ],
  [
    "alarms",
    ({ alarms }) =>
      said(alarms, ({ all, ringing }) =>
        ringing.length === 0
          ? [`${all}, none is ringing`]
          : ringing.map(
              ({ name, since }) => `${name} rings${since === undefined ? "" : ` since ${instant(since)}`}`,
            ),
      ),
  ],
  [
    "plan",
    ({ plan }) =>
      said(plan, ({ name, renewed }) => [
        `Cloudflare ${name}, ${said(renewed, (at) => [at === undefined ? "does not end" : `renewed ${day(at)}`])[0]}`,
        "AWS by use, does not end",
      ]),
  ],
  ["a month", ({ cost }) => said(cost, ({ amount }) => [`about $${amount.toFixed(2)}, without usage`])],
];

/** What was found, the environments side by side; below it what is too long for a column. */
export function words(statuses: readonly Status[]): string {
  const cells = ROWS.map(([title, read]) => ({ title, columns: statuses.map(read) })).filter(({ columns }) =>
    columns.some((lines) => lines.length > 0),
  );
  const widths = statuses.map((status, index) =>
    Math.max(
      TITLES[status.environment].length,
      ...cells.flatMap(({ columns }) => (columns[index] ?? []).map(({ length }) => length)),
    ),
  );
  const line = (title: string, texts: readonly string[]) =>
    `${title.padEnd(TITLE)}${texts.map((text, index) => text.padEnd((widths[index] ?? 0) + 2)).join("")}`.trimEnd();
  const head = pc.bold(
    line(
      "",
      statuses.map(({ environment }) => TITLES[environment]),
    ),
  );
  const body = cells.flatMap(({ title, columns }) => {
    const height = Math.max(...columns.map(({ length }) => length));
    return Array.from({ length: height }, (_, index) =>
      line(
        index === 0 ? title : "",
        columns.map((lines) => lines[index] ?? ""),
      ),
    );
  });
  return [head, ...body, "", ...statuses.flatMap(links), PARITY].join("\n");
}

const TITLE = 13;

const PARITY =
  "parity    not compared here: npx tandem parity brings both up beside this and compares all of it";

function links({ environment, up, links: { logs, dashboard }, cost }: Status): readonly string[] {
  if (!up) return [];
  return [
    `logs      ${TITLES[environment]}: ${logs}`,
    ...(dashboard === undefined ? [] : [`dashboard ${TITLES[environment]}: ${dashboard}`]),
    ...("value" in cost ? [`a month   ${TITLES[environment]}: ${cost.value.basis}`] : []),
  ];
}

/** The lines of a row, or why there are none. */
export function said<T>(row: Known<T>, lines: (value: T) => readonly string[]): readonly string[] {
  return "value" in row ? lines(row.value) : [because(row.unknown)];
}

const because = (reason: string) => `not known: ${reason}`;

function processLines({ process, running, desired, version, since, deployment }: ProcessStatus, at: string) {
  const runs = `${process} ${running}/${desired}`;
  if (version === undefined) return [`${runs}, no release`];
  const went =
    deployment === undefined || deployment === "COMPLETED"
      ? ""
      : `, ${deployment.toLowerCase().replace("_", " ")}`;
  return [
    `${runs}${went}, ${version?.slice(0, "sha256:".length + 12) ?? "no release"}`,
    ...(since === undefined ? [] : [`  since ${instant(since)} (${ago(since, at)})`]),
  ];
}

function hostLines({ host, ipv4, ipv6, tls }: HostStatus, at: string): readonly string[] {
  const family = (name: string, found: Known<readonly string[]>) =>
    said(found, (all) => [all.length === 0 ? `no ${name}` : `${name} ${all.join(", ")}`]).map(
      (text) => `  ${"unknown" in found ? `${name} ` : ""}${text}`,
    );
  return [
    host,
    ...family("IPv4", ipv4),
    ...family("IPv6", ipv6),
    ...said(tls, (it) => [certificate(it, at)]).map((text) => `  TLS ${text}`),
  ];
}

const certificate = ({ issuer, until, fault }: CertificateStatus, at: string): string =>
  fault === undefined ? `${issuer}, until ${day(until)} (${left(until, at)})` : `${issuer}: ${fault}`;

function mailLines({ mail: { addresses, servers, notices } }: Status): readonly string[] {
  return [
    ...(addresses.length === 0
      ? ["no address is forwarded"]
      : [...addresses, ...said(servers, (all) => [`  received by ${all.join(", ") || "nobody"}`])]),
    `alarms to ${notices.join(", ") || "nobody"}`,
  ];
}

function databaseLines(
  { key, schema, state, size, engine, supportedUntil, disk }: DatabaseStatus,
  at: string,
) {
  const used = said(disk.used, (gib) => [`${gib.toFixed(1)} GiB`])[0];
  return [
    `${key}: ${schema}, ${size}, ${state}`,
    `  ${engine}, ${said(supportedUntil, (until) => [`supported until ${until} (${left(until, at)})`])[0]}`,
    `  disk ${disk.now} GiB, at most ${disk.limit} GiB; used ${used}`,
  ];
}

function scheduleLines({ key, on, last, next, overdue }: ScheduleStatus): readonly string[] {
  if (!on) return [`${key} off`];
  const due = next === undefined ? "" : `, next ${instant(next)}`;
  const late = "value" in overdue && overdue.value ? ", overdue" : "";
  const ran = said(last, (at) => [at === undefined ? "no run found" : `last ${instant(at)}`]);
  return [`${key}${late}${due}`, `  ${"unknown" in last ? `last run ${ran[0]}` : ran[0]}`];
}
