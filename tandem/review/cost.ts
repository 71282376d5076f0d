import type { Props } from "../../rehearsal/types";
import type { Seen } from "./planned";

import prices = require("./prices.json");

/** What an environment costs a month, before and after. */
export interface Cost {
  /** Sums of what has a fixed price that is known on both sides, in {@link PRICED}'s currency. */
  readonly before: number;
  readonly after: number;
  /** What comes, goes or changes at a price that is not known here, as `type name`. */
  readonly open: readonly string[];
  /** All that stands afterwards at a price that is not known here. */
  readonly unknown: readonly string[];
  /** Types that are paid by use, which nobody can foresee. */
  readonly byUse: readonly string[];
}

/** Where the prices are from, for people. */
export const PRICED = `${prices.currency}, list prices of ${prices.date}, ${prices.region}, ${prices.hours} hours; without usage`;

/** A month's price; undefined where it is not known. */
type Price = (inputs: Props, all: readonly Seen[], name: string) => number | undefined;

const PRICES: Readonly<Record<string, Price>> = {
  "aws:rds/instance:Instance": ({ instanceClass, multiAz, allocatedStorage, storageType }) => {
    const size = (prices.databaseMonth as Record<string, number>)[String(instanceClass)];
    // A database that is made from a snapshot has the snapshot's size, which nothing here says.
    if (size === undefined || storageType !== "gp3" || typeof allocatedStorage !== "number") return undefined;
    return (size + allocatedStorage * prices.databaseGib) * (multiAz === true ? 2 : 1);
  },
  "aws:ecs/service:Service": service,
  "aws:lb/loadBalancer:LoadBalancer": ({ internal, subnets }) => {
    const addresses = internal === true ? 0 : lengthOf(subnets);
    return prices.balancer + prices.balancerUnit + addresses * prices.publicAddress;
  },
  "aws:ec2/natGateway:NatGateway": () => prices.natGateway,
  "aws:ec2/eip:Eip": () => prices.publicAddress,
  "aws:ec2/vpcEndpoint:VpcEndpoint": ({ vpcEndpointType, subnetIds }) =>
    vpcEndpointType === "Interface" ? lengthOf(subnetIds) * prices.unchecked.interfaceEndpoint : 0,
  "aws:secretsmanager/secret:Secret": () => prices.secret,
  "aws:kms/key:Key": () => prices.unchecked.key,
  "aws:cloudwatch/metricAlarm:MetricAlarm": () => prices.unchecked.alarm,
};

/** What a change costs a month, as far as prices are fixed and known. */
export function monthly(before: readonly Seen[], after: readonly Seen[]): Cost {
  const [old, next] = [priced(before), priced(after)];
  const open: string[] = [];
  const sums = { before: 0, after: 0 };
  for (const urn of new Set([...old.keys(), ...next.keys()])) {
    const [was, is] = [old.get(urn), next.get(urn)];
    // A sum with a price on one side only would show a difference that is none.
    if (was?.price !== null && is?.price !== null) {
      sums.before += was?.price ?? 0;
      sums.after += is?.price ?? 0;
    } else if (was?.price !== is?.price) open.push((is ?? was)?.label ?? "");
  }
  const unknown = [...next.values()].flatMap(({ label, price }) => (price === null ? [label] : []));
  return { ...sums, open: open.sort(), unknown: unknown.sort(), byUse: byUseIn(after) };
}

/** The price of each resource by URN; null where it is not known. */
function priced(all: readonly Seen[]): ReadonlyMap<string, { label: string; price: number | null }> {
  const definitions = all.filter(({ type }) => type === DEFINITION);
  return new Map(
    all.map(({ urn, type, name, inputs }) => {
      const price = type in PRICES ? PRICES[type]?.(inputs, definitions, name) : isFree(type) ? 0 : undefined;
      return [urn, { label: `${short(type)} ${name}`, price: price ?? null }];
    }),
  );
}

function byUseIn(all: readonly Seen[]): readonly string[] {
  const types = new Set(all.map(({ type }) => type));
  return [...types]
    .filter((type) => prices.byUse.some((start) => type.startsWith(start)))
    .map(short)
    .sort();
}

const isFree = (type: string) =>
  !prices.unknown.some((start) => type.startsWith(start)) &&
  [...prices.byUse, ...prices.free].some((start) => type.startsWith(start));

const short = (type: string) => type.split(":").at(-1) ?? type;

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0);

const DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** Tasks that run all the time; those of schedules and jobs are paid by use. */
function service(inputs: Props, definitions: readonly Seen[], name: string): number | undefined {
  const count = inputs.desiredCount;
  if (count === 0) return 0;
  // A preview does not know the definition's ARN yet, but both have the same name in front.
  const family = /task-definition\/([^:]+)/.exec(String(inputs.taskDefinition))?.[1];
  const own =
    definitions.find((one) => family !== undefined && one.inputs.family === family) ??
    definitions.find((one) => one.name === `${name}-task`);
  const [cpu, memory] = [Number(own?.inputs.cpu) / 1024, Number(own?.inputs.memory) / 1024];
  if (typeof count !== "number" || Number.isNaN(cpu + memory)) return undefined;
  const network = inputs.networkConfiguration as { assignPublicIp?: boolean } | undefined;
  const address = network?.assignPublicIp === true ? prices.publicAddress : 0;
  return count * ((cpu * prices.taskCpuHour + memory * prices.taskGibHour) * prices.hours + address);
}
