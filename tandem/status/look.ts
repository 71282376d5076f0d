import { Cron } from "croner";
import { allHosts } from "../../components/hosts";
import { closable } from "../../components/maintenance-bindings";
import { postureOf } from "../../stacks/postures";
import { states } from "../maintenance";
import { type Row, rowsOf } from "../rotation-table";
import type { Switches } from "../switches";
import { clocksOf, type Environment, group, scopeOf, text } from "./environment";
import { ask, type Known, known, unknown } from "./known";
import { dashboardLink, logsLink } from "./links";
import type { Sources } from "./sources";
import type { MailStatus, PassportStatus, ScheduleStatus, Status } from "./status";

/** Everything that is to be said of an environment, all of it asked at once. A row that fails leaves the others. */
export async function look(environment: Environment, sources: Sources): Promise<Status> {
  const { settings, outputs, now } = environment;
  const rows = rowsOf(settings, outputs, now);
  const up = outputs !== undefined;
  const ifUp = <T>(question: () => Promise<Known<T>>): Promise<Known<T>> =>
    up ? question() : Promise.resolve(unknown("not up yet"));
  const [processes, maintenance, hosts, origin, mail, databases, backups, plan, cost, alarms, schedules] =
    await Promise.all([
      ifUp(() => sources.processes()),
      ifUp(() => closed(environment, sources)),
      up ? Promise.all(hostsOf(environment).map((host) => sources.host(host))) : [],
      ifUp(() => sources.origin()),
      mailOf(environment, sources, up),
      ifUp(() => sources.databases()),
      up ? sources.backups() : [],
      sources.plan(),
      ifUp(() => sources.cost()),
      ifUp(() => sources.alarms()),
      ifUp(async () => known(await schedulesOf(environment, sources))),
    ]);
  return {
    environment: settings.environment,
    at: now,
    up,
    enabled: settings.enabled,
    region: settings.region,
    backupRegion: settings.backupRegion,
    processes,
    maintenance,
    hosts,
    origin,
    mail,
    databases,
    backups,
    plan,
    cost,
    passport: passportOf(outputs),
    secrets: secretsOf(rows),
    alarms,
    schedules,
    links: {
      logs: logsLink(scopeOf(settings)),
      ...(typeof outputs?.dashboard === "string"
        ? { dashboard: dashboardLink(settings.region, outputs.dashboard) }
        : {}),
    },
  };
}

function secretsOf(rows: readonly Row[]): Status["secrets"] {
  const left = ({ limit = Number.POSITIVE_INFINITY, age = 0 }: Row) => limit - age;
  const [next] = rows.filter(({ age }) => age !== undefined).sort((one, other) => left(one) - left(other));
  return { all: rows.length, over: rows.filter(({ over }) => over), ...(next === undefined ? {} : { next }) };
}

/** Those of applications, and of sites. */
function hostsOf({ settings, outputs }: Environment): readonly string[] {
  const sites = Object.values(group(outputs?.sites)).flatMap((site) => text(group(site).url) ?? []);
  return [...new Set([...allHosts(settings.applications), ...sites.map((url) => new URL(url).hostname)])];
}

/** One application at a time: a switch that cannot be read leaves the others. */
async function closed(
  { settings, now }: Environment,
  sources: Sources,
): Promise<Known<Readonly<Record<string, string>>>> {
  const switches = readOnly((application) => sources.switched(application));
  return ask(async () =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(closable(settings.applications)).map(async (key) => {
          const applications = {
            [key]: settings.applications[key] as (typeof settings.applications)[string],
          };
          const [line = ""] = await states({ settings: { ...settings, applications }, switches, now });
          return [key, line.split(/\s+/).slice(2).join(" ")] as const;
        }),
      ),
    ),
  );
}

function readOnly(read: Switches["read"]): Switches {
  const refuse = async () => {
    throw new Error("status reads switches and turns none");
  };
  return { read, write: refuse, remove: refuse, key: refuse };
}

async function mailOf({ settings }: Environment, sources: Sources, up: boolean): Promise<MailStatus> {
  const { mailbox, zone, notices } = settings;
  // A zone has one mailbox, which one environment declares.
  const forwarded = mailbox !== undefined && postureOf(settings.environment).common;
  return {
    addresses: forwarded ? Object.keys(mailbox.addresses).map((local) => `${local}@${zone.name}`) : [],
    servers: forwarded && up ? await sources.mailServers() : unknown("nothing is forwarded"),
    notices: notices.mails,
  };
}

function passportOf(outputs: Environment["outputs"]): Known<PassportStatus> {
  const { id, release, verification } = group(outputs?.passport);
  if (typeof id !== "string") return unknown("not up yet");
  if (Object.keys(group(release)).length === 0) return unknown("nothing is released yet");
  const verified = text(group(verification).at);
  return known({ id, ...(verified === undefined ? {} : { verified }) });
}

function schedulesOf(environment: Environment, sources: Sources): Promise<readonly ScheduleStatus[]> {
  return Promise.all(
    clocksOf(environment).map(async ({ key, on, cron, timeZone }) => {
      const next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(environment.now));
      return {
        key,
        on,
        ...(await sources.schedule(key)),
        ...(on && next !== null ? { next: next.toISOString() } : {}),
      };
    }),
  );
}
