import pc from "picocolors";
import { TITLES } from "../rotation-subject";
import { backupLines, drillLines } from "./backup-words";
import type { Known } from "./known";
import { Notes, sideBySide, TITLE } from "./side-by-side";
import type {
  CertificateStatus,
  DatabaseStatus,
  HostStatus,
  PairStatus,
  ParityStatus,
  ProcessStatus,
  ScheduleStatus,
  Status,
} from "./status";
import { ago, day, instant, left } from "./time-words";
import { wrongsOf } from "./wrong";

/** What is said of an environment, a line each; what is too long for a line gets a number from `note`. */
type Read = (status: Status, note: (text: string) => string) => readonly string[];

const ROWS: readonly (readonly [title: string, read: Read])[] = [
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
  ["databases", ({ databases }) => said(databases, (all) => all.flatMap(databaseLines))],
  ["backups", ({ backups, at }) => backups.flatMap((each) => backupLines(each, at))],
  ["drills", ({ backups, at }) => backups.flatMap((each) => drillLines(each, at))],
  ["schedules", ({ schedules }) => said(schedules, (all) => all.flatMap(scheduleLines))],
  [
    "secrets",
    ({ secrets: { all, over, next } }) =>
      over.length > 0
        ? over.map(({ name, age, limit }) => `${name} is too old: ${age} of ${limit} days`)
        : [
            `${all}, none too old`,
            ...(next === undefined ? [] : [`  next ${next.name}: ${next.age} of ${next.limit} days`]),
          ],
  ],
  ["silence", ({ schedules }) => said(schedules, silence)],
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
  [
    "a month",
    ({ cost }, note) => said(cost, ({ amount, basis }) => [`about $${amount.toFixed(2)} ${note(basis)}`]),
  ],
];

/** As wide as a page that is printed, or pasted. */
const WIDTH = 100;

/** What was found, the environments side by side; below it what is too long for a column, and what is wrong. */
export function words(pair: PairStatus, width = WIDTH): string {
  const { environments } = pair;
  const notes = new Notes();
  const rows = ROWS.map(([title, read]) => ({
    title,
    columns: environments.map((status) =>
      read(status, (text) => notes.of(text)).map((line) => noted(line, notes)),
    ),
  }));
  const [head = "", ...body] = sideBySide(
    environments.map(({ environment }) => TITLES[environment]),
    rows,
    width,
  );
  return [
    pc.bold(head),
    ...body,
    titled(
      "parity",
      said(pair.parity, parityWords).map((line) => noted(line, notes)),
    ),
    "",
    ...links("logs", environments, ({ logs }) => logs),
    ...links("dashboard", environments, ({ dashboard }) => dashboard),
    "",
    ...notes.lines().map((line) => pc.dim(line)),
    "",
    ...verdict(wrongsOf(pair)),
  ].join("\n");
}

const titled = (title: string, lines: readonly string[]) =>
  lines.map((line, index) => `${(index === 0 ? title : "").padEnd(TITLE)}${line}`).join("\n");

/** Why something is not known is mostly the same, and told once. */
const noted = (line: string, notes: Notes): string =>
  line.replace(NOT_KNOWN, (_, reason: string) => `not known ${notes.of(reason)}`);

const NOT_KNOWN = /not known: (.+)$/;

const parityWords = ({ allowed, refused }: ParityStatus): readonly string[] => [
  refused === 0
    ? `holds: ${allowed} properties differ, each with its reason (npx tandem parity)`
    : `broken: ${refused} properties differ that nobody declared (npx tandem parity)`,
];

function verdict(wrong: readonly string[]): readonly string[] {
  if (wrong.length === 0) return [pc.green("Nothing is wrong.")];
  return [pc.red(`Wrong: ${wrong.length}`), ...wrong.map((line) => `  ${line}`)];
}

function links(
  title: string,
  environments: readonly Status[],
  read: (links: Status["links"]) => string | undefined,
): readonly string[] {
  const lines = environments.flatMap(({ environment, up, links: found }) => {
    const link = up ? read(found) : undefined;
    return link === undefined ? [] : [`${TITLES[environment].padEnd(10)}  ${link}`];
  });
  return lines.length === 0 ? [] : [titled(title, lines)];
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
    ...(JSON.stringify(ipv4) === JSON.stringify(ipv6)
      ? family("IPv4 and IPv6", ipv4)
      : [...family("IPv4", ipv4), ...family("IPv6", ipv6)]),
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

function databaseLines({ key, schema, state, size, engine, supportedUntil, disk }: DatabaseStatus) {
  const used = said(disk.used, (gib) => [`${gib.toFixed(1)} GiB`])[0];
  return [
    `${key}: ${schema}, ${size}, ${state}`,
    `  ${engine}, ${said(supportedUntil, (until) => [`supported until ${until}`])[0]}`,
    `  disk ${disk.now} GiB, at most ${disk.limit} GiB`,
    `  disk used ${used}`,
  ];
}

/** Whether something that should have run by the clock has not. */
function silence(all: readonly ScheduleStatus[]): readonly string[] {
  const listened = all.filter(({ on }) => on);
  const [open] = listened.flatMap(({ overdue }) => ("unknown" in overdue ? [overdue.unknown] : []));
  if (listened.length === 0) return ["nothing runs by the clock"];
  if (open !== undefined) return [because(open)];
  const late = listened.filter(({ overdue }) => "value" in overdue && overdue.value);
  return late.length === 0
    ? [`${listened.length} listened to, none is overdue`]
    : late.map(({ key }) => `${key} is overdue`);
}

function scheduleLines({ key, on, last, next, overdue }: ScheduleStatus): readonly string[] {
  if (!on) return [`${key} off`];
  const due = next === undefined ? "" : `, next ${instant(next)}`;
  const late = "value" in overdue && overdue.value ? ", overdue" : "";
  const ran = said(last, (at) => [at === undefined ? "no run found" : `last ${instant(at)}`]);
  return [`${key}${late}${due}`, `  ${"unknown" in last ? `last run ${ran[0]}` : ran[0]}`];
}
