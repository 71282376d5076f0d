import { metricNamespace } from "../../components/guard/policies";
import { allHosts } from "../../components/hosts";
import { hostStatus, type PublicNetwork, publicNetwork } from "./addresses";
import { alarmsOf, silenceAlarm } from "./alarms";
import { originCertificate } from "./certificates";
import type { Clients } from "./clients";
import { runningDatabase } from "./databases";
import { newestDrill, newestDump } from "./dumped";
import { clocksOf, databasesOf, type Environment, group, scopeOf, servicesOf, text } from "./environment";
import { bucketFiles } from "./files";
import { ask, type Known, known, unknown } from "./known";
import { runningProcesses } from "./processes";
import { lastRun } from "./runs";
import { latestRestorable, newestOfReleases, newestRecoveryPoint } from "./snapshots";
import type { Sources } from "./sources";
import type { AlarmsStatus } from "./status";
import { zonePlan } from "./zone-plan";

/** What real clouds say of one environment. */
export function realSources(
  clients: Clients,
  environment: Environment,
  token: string | undefined,
  network: PublicNetwork = publicNetwork,
): Sources {
  const { settings, outputs, now } = environment;
  const { ecs, rds, metrics, globalMetrics, certificates, storage } = clients;
  const scope = scopeOf(settings);
  const files = (bucket: unknown) =>
    typeof bucket === "string" ? bucketFiles(storage, bucket, settings.accountId) : undefined;
  // Asked once: schedules read theirs out of it.
  let alarms: Promise<Known<AlarmsStatus>> | undefined;
  const allAlarms = () => {
    alarms ??= ask(() => alarmsOf([metrics, globalMetrics], scope));
    return alarms;
  };
  return {
    processes: async () => {
      const cluster = text(outputs?.cluster);
      if (cluster === undefined) return known([]);
      return ask(() => runningProcesses(ecs, cluster, servicesOf(settings)));
    },
    switched: async (application) => files(outputs?.switches)?.text(`maintenance/${application}.json`),
    host: (host) => hostStatus(network, host),
    origin: async () =>
      flat(await ask(() => originCertificate(certificates, allHosts(settings.applications)))),
    mailServers: () => ask(() => network.mailServers(settings.zone.name)),
    databases: () =>
      ask(() =>
        Promise.all(databasesOf(environment).map((each) => runningDatabase(rds, metrics, each, now))),
      ),
    backups: () =>
      Promise.all(
        databasesOf(environment).map(async ({ key, identifier }) => {
          const bucket = files(group(outputs?.backups).bucket);
          const [snapshot, release, anySecondUntil, dump, drill] = await Promise.all([
            ask(() => newestRecoveryPoint(rds, identifier)),
            ask(() => newestOfReleases(rds, identifier)),
            ask(() => latestRestorable(rds, identifier)),
            dumped(environment, () => bucket && newestDump(bucket, key)),
            dumped(environment, () => bucket && newestDrill(bucket, key)),
          ]);
          const { everySeconds: within, drill: drilled } = settings.backups;
          const drillWithin = drilled.everySeconds;
          return { database: key, snapshot, release, anySecondUntil, dump, drill, within, drillWithin };
        }),
      ),
    plan: () => zonePlan(settings.zone.id, token),
    cost: async () => unknown("not summed up here: npx tandem review says it, AWS's budget watches it"),
    alarms: allAlarms,
    schedule: async (key) => {
      const clock = clocksOf(environment).find((each) => each.key === key);
      const [last, ringing] = await Promise.all([
        ask(async () => clock && lastRun(metrics, metricNamespace(scope), clock, now)),
        allAlarms(),
      ]);
      const silent = silenceAlarm(scope, key);
      const overdue =
        "value" in ringing ? known(ringing.value.ringing.some(({ name }) => name === silent)) : ringing;
      return { last, overdue };
    },
  };
}

/** Where dumps are off there is none to be missed. */
async function dumped<T>(
  { settings }: Environment,
  question: () => Promise<T> | undefined,
): Promise<Known<T | undefined>> {
  if (!settings.backups.dumps.enabled) return unknown("dumps are off");
  return ask(async () => question());
}

const flat = <T>(found: Known<Known<T>>): Known<T> => ("value" in found ? found.value : found);
