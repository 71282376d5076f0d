import type { Cloud } from "../../rehearsal/cloud";
import { isGone, type StoredObject, urnOf } from "../../rehearsal/state";
import { monthly, PRICED } from "../review/cost";
import { newestDrill, newestDump } from "./dumped";
import { databaseStatus } from "./engine-support";
import { databasesOf, digestIn, type Environment, group, servicesOf, text } from "./environment";
import { rehearsedFiles } from "./files";
import { ask, type Known, known, unknown } from "./known";
import { missing } from "./processes";
import type { Sources } from "./sources";
import type { BackupStatus, DatabaseStatus, HostStatus, ProcessStatus } from "./status";

const SERVICE = "aws:ecs/service:Service";
const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const LEADS = /^(A|AAAA|CNAME)$/;
const NOTHING_RUNS = "nothing runs in a rehearsal";

/** What simulated clouds hold of one environment. What only time or the public network would show is not known. */
export function rehearsedSources(cloud: Cloud, environment: Environment): Sources {
  const { settings, outputs } = environment;
  const own = objectsOf(cloud, settings.environment);
  const of = (type: string) => own.filter((object) => object.type === type);
  return {
    processes: async () => known(servicesOf(settings).map((service) => process(of, service))),
    switched: async (application) =>
      filesIn(cloud, outputs?.switches)?.text(`maintenance/${application}.json`),
    host: async (host) => hostOf(of(RECORD), host),
    origin: async () => originOf(of("aws:acm/certificate:Certificate")[0]),
    mailServers: async () =>
      of("cloudflare:index/emailRoutingDns:EmailRoutingDns").length > 0
        ? known(["Cloudflare Email Routing"])
        : unknown("Email Routing does not stand"),
    databases: async () =>
      known(databasesOf(environment).flatMap((each) => databaseOf(cloud, settings.accountId, each) ?? [])),
    backups: async () =>
      Promise.all(databasesOf(environment).map(({ key, identifier }) => backup(key, identifier))),
    plan: async () => {
      const { plan } = cloud.state.world.zones[settings.zone.name] ?? {};
      return plan === undefined
        ? unknown("the zone is not in this rehearsal")
        : known({
            name: plan,
            renewed: plan === "free" ? known(undefined) : unknown("no bill in a rehearsal"),
          });
    },
    cost: async () => {
      const { after, unknown: open } = monthly([], own.map(seen));
      const left = open.length === 0 ? "" : `; ${open.length} prices unknown`;
      return known({ amount: Math.round(after * 100) / 100, basis: `${PRICED}${left}` });
    },
    alarms: async () => known({ all: of("aws:cloudwatch/metricAlarm:MetricAlarm").length, ringing: [] }),
    schedule: async () => ({ last: unknown(NOTHING_RUNS), overdue: unknown(NOTHING_RUNS) }),
  };

  async function backup(key: string, identifier: string): Promise<BackupStatus> {
    const { backups } = settings;
    const files = filesIn(cloud, group(outputs?.backups).bucket);
    const releases = of("aws:rds/snapshot:Snapshot")
      .filter(({ inputs }) => inputs.dbInstanceIdentifier === identifier)
      .sort((one, other) => other.createdAt.localeCompare(one.createdAt));
    const [last] = releases;
    return {
      database: key,
      snapshot: unknown("no night passes in a rehearsal"),
      release: known(last && { name: last.id, at: last.createdAt, state: String(last.outputs.status) }),
      anySecondUntil: unknown(NOTHING_RUNS),
      dump: await found(() => files && newestDump(files, key)),
      drill: await found(() => files && newestDrill(files, key)),
      within: backups.everySeconds,
      drillWithin: backups.drill.everySeconds,
    };
  }
}

/** What lies in a bucket may be put there by hand; where nothing does, nothing is missing either. */
async function found<T>(question: () => Promise<T | undefined> | undefined): Promise<Known<T | undefined>> {
  const answer = await ask(async () => question());
  return "value" in answer && answer.value === undefined ? unknown(NOTHING_RUNS) : answer;
}

const filesIn = (cloud: Cloud, bucket: unknown) =>
  typeof bucket === "string" ? rehearsedFiles(cloud, bucket) : undefined;

/** By the stack that made them: one account may hold both environments. */
function objectsOf(cloud: Cloud, stack: string): readonly StoredObject[] {
  return Object.values(cloud.state.objects).filter(
    (object) => !isGone(object) && urnOf(object).startsWith(`urn:pulumi:${stack}::`),
  );
}

function seen(object: StoredObject) {
  const urn = urnOf(object);
  return { urn, type: object.type, name: urn.split("::").at(-1) ?? "", inputs: object.inputs };
}

type Of = (type: string) => readonly StoredObject[];

function process(of: Of, { application, process, serviceName }: ReturnType<typeof servicesOf>[number]) {
  const service = of(SERVICE).find(({ outputs }) => outputs.name === serviceName);
  if (service === undefined) return missing(`${application}/${process}`);
  const tasks = Array.isArray(service.contents?.tasks) ? service.contents.tasks : [];
  const definition = of(DEFINITION).find(({ outputs }) => outputs.arn === service.inputs.taskDefinition);
  const [container] = JSON.parse(String(definition?.inputs.containerDefinitions ?? "[]")) as {
    image: string;
  }[];
  const version = digestIn(container?.image);
  const status: ProcessStatus = {
    process: `${application}/${process}`,
    running: tasks.length,
    desired: Number(service.outputs.desiredCount),
    ...(version === undefined ? {} : { version }),
    ...(definition === undefined ? {} : { since: definition.createdAt }),
    deployment: service.contents?.stoppedReason === undefined ? "COMPLETED" : "FAILED",
  };
  return status;
}

function hostOf(records: readonly StoredObject[], host: string): HostStatus {
  const record = records.find(({ inputs }) => inputs.name === host && LEADS.test(String(inputs.type)));
  const addresses: Known<readonly string[]> =
    record === undefined
      ? { unknown: "it has no DNS record", failed: true }
      : record.inputs.proxied === true
        ? known(["Cloudflare's edge"])
        : unknown(`it leads to ${String(record.inputs.content)}, which is only simulated`);
  return {
    host,
    ipv4: addresses,
    ipv6: addresses,
    tls: unknown("only the real edge has one"),
  };
}

function originOf(certificate: StoredObject | undefined) {
  if (certificate === undefined) return unknown("it has none: nothing here stands behind a balancer");
  const { notAfter, status } = certificate.outputs;
  const fault = status === "ISSUED" ? {} : { fault: String(status) };
  return known({ issuer: "Amazon", until: String(notAfter), ...fault });
}

/** An adopted instance is in no stack: it is looked for in the account. */
function databaseOf(
  cloud: Cloud,
  account: string,
  { key, schema, identifier }: ReturnType<typeof databasesOf>[number],
): DatabaseStatus | undefined {
  const instance = cloud
    .objects("aws:rds/instance:Instance")
    .find((each) => each.account === account && each.outputs.identifier === identifier);
  if (instance === undefined) return undefined;
  const { engine, engineVersionActual, engineVersion, instanceClass, status } = instance.outputs;
  const now = Number(instance.outputs.allocatedStorage ?? 0);
  return databaseStatus({
    key,
    schema,
    identifier,
    state: text(status) ?? "available",
    size: String(instanceClass ?? "unknown"),
    engine: String(engine),
    version: String(engineVersionActual ?? engineVersion ?? ""),
    disk: {
      used: unknown(NOTHING_RUNS),
      now,
      limit: Number(instance.outputs.maxAllocatedStorage ?? now),
    },
  });
}
