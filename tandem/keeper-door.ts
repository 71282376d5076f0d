import { KEPT_FILE, keeperName } from "../components/keeper/function";
import type { Settings } from "../config/settings";
import type { Cloud } from "../rehearsal/cloud";
import type { CloudObject, Props } from "../rehearsal/types";
import { CommandError } from "./errors";

/** What the keeper of the office hours is asked. */
export type KeeperRequest = { readonly do: "start"; readonly until: string } | { readonly do: "stop" };

/** Whether the environment is awake from now on, and until when. */
export interface KeeperAnswer {
  readonly awake: boolean;
  readonly until: string;
}

type Keeper = (
  event: object,
  cloud: object,
) => Promise<(Partial<KeeperAnswer> & { readonly refused?: string }) | boolean>;

/**
 * Asks the keeper of a rehearsed environment: the very source that runs on Lambda, with the variables and the settings
 * that the function was declared with, over simulated clouds. Then lets it go its rounds until nothing is left to do,
 * as the next minutes would.
 *
 * @throws CommandError with the keeper's own words where it refuses
 */
export async function askRehearsedKeeper(
  cloud: Cloud,
  settings: Settings,
  request: KeeperRequest,
): Promise<KeeperAnswer> {
  const ours = (type: string) => cloud.objects(type).filter(({ account }) => account === settings.accountId);
  const lambda = ours("aws:lambda/function:Function").find(
    ({ inputs }) => inputs.name === keeperName(settings),
  );
  if (lambda === undefined)
    throw new CommandError(
      `${settings.environment} with its office hours does not stand in the rehearsal yet. Bring it up first: npx tandem rehearse`,
    );
  const { variables } = lambda.inputs.environment as { variables: Record<string, string> };
  const { keeper } = require("../components/keeper/handler.js") as { keeper: Keeper };
  const { assets } = lambda.inputs.code as { assets: Record<string, { text: string }> };
  const kept = JSON.parse(assets[KEPT_FILE]?.text ?? "");
  const around = { send: sender(ours), now: Date.parse(cloud.clock.now), settings: variables, kept };
  const answer = understood(await keeper(request, around));
  for (let round = 0; round < ROUNDS; round += 1) await keeper({ do: "round" }, around);
  return answer;
}

/** A database, then what needs it; or the other way round, and the database once nothing runs. */
const ROUNDS = 2;

/** @throws CommandError with the keeper's own words */
export function understood(answer: unknown): KeeperAnswer {
  const { awake, until, refused } = (answer ?? {}) as Partial<KeeperAnswer> & { refused?: string };
  if (refused !== undefined) throw new CommandError(refused);
  if (typeof awake !== "boolean" || typeof until !== "string")
    throw new CommandError("The keeper of the office hours gave no answer that can be read.");
  return { awake, until };
}

/** What the keeper asks of the clouds, answered from what stands and changed there, as AWS would. */
function sender(ours: (type: string) => CloudObject[]) {
  const named = (type: string, property: string, value: unknown) =>
    ours(type).find(({ inputs, outputs }) => (outputs[property] ?? inputs[property]) === value);
  const set = (object: CloudObject | undefined, change: Props) => {
    if (object === undefined) return;
    object.inputs = { ...object.inputs, ...change };
    object.outputs = { ...object.outputs, ...change };
  };
  const service = (name: unknown) => named("aws:ecs/service:Service", "name", name);
  const target = (id: unknown) => named("aws:appautoscaling/target:Target", "resourceId", id);
  const database = (id: unknown) => named("aws:rds/instance:Instance", "identifier", id);
  const schedule = (name: unknown) => named("aws:scheduler/schedule:Schedule", "name", name);
  const parameter = (name: unknown) => named("aws:ssm/parameter:Parameter", "name", name);
  const status = (id: unknown, value: string) => {
    const found = database(id);
    if (found) found.contents = { ...found.contents, status: value };
  };
  const heard = (names: unknown, actionsEnabled: boolean) => {
    for (const name of names as string[]) set(named(ALARM, "name", name), { actionsEnabled });
  };
  const answers: Readonly<Record<string, (input: Props, where: string) => unknown>> = {
    DescribeServices: ({ services }) => ({
      services: (services as string[]).flatMap((name) => {
        const desiredCount = Number(service(name)?.inputs.desiredCount ?? 0);
        const found = { serviceName: name, status: "ACTIVE", desiredCount, runningCount: desiredCount };
        return service(name) === undefined ? [] : [found];
      }),
    }),
    UpdateService: (input) => set(service(input.service), { desiredCount: input.desiredCount }),
    ListTasks: () => ({ taskArns: [] }),
    DescribeScalableTargets: ({ ResourceIds }) => ({
      ScalableTargets: [target((ResourceIds as string[])[0])].flatMap((found) =>
        found === undefined
          ? []
          : [{ MinCapacity: found.inputs.minCapacity, MaxCapacity: found.inputs.maxCapacity }],
      ),
    }),
    RegisterScalableTarget: ({ ResourceId, MinCapacity, MaxCapacity }) =>
      set(target(ResourceId), { minCapacity: MinCapacity, maxCapacity: MaxCapacity }),
    DescribeDBInstances: ({ DBInstanceIdentifier }) => ({
      DBInstances: [{ DBInstanceStatus: database(DBInstanceIdentifier)?.contents?.status ?? "available" }],
    }),
    StartDBInstance: ({ DBInstanceIdentifier }) => status(DBInstanceIdentifier, "available"),
    StopDBInstance: ({ DBInstanceIdentifier }) => status(DBInstanceIdentifier, "stopped"),
    GetSchedule: ({ Name }) => ({ Name, State: schedule(Name)?.inputs.state ?? "ENABLED" }),
    UpdateSchedule: ({ Name, State }) => set(schedule(Name), { state: State }),
    DescribeAlarms: (_, where) => ({
      MetricAlarms: ours(ALARM)
        .filter(({ inputs }) => (where === "cloudwatch") === (inputs.region !== "us-east-1"))
        .map(({ inputs }) => ({
          AlarmName: inputs.name,
          ActionsEnabled: inputs.actionsEnabled !== false,
          StateValue: "OK",
        })),
    }),
    DisableAlarmActions: ({ AlarmNames }) => heard(AlarmNames, false),
    EnableAlarmActions: ({ AlarmNames }) => heard(AlarmNames, true),
    GetObject: ({ Bucket, Key }) => {
      const bucket = named("aws:s3/bucket:Bucket", "bucket", Bucket);
      const objects = (bucket?.contents?.objects ?? []) as readonly { key: string; body?: string }[];
      const found = objects.find(({ key }) => key === Key);
      if (found === undefined) throw Object.assign(new Error("There is no such key."), { name: "NoSuchKey" });
      return { Body: { transformToString: async () => found.body ?? "" } };
    },
    GetParameter: ({ Name }) => ({
      Parameter: { Value: parameter(Name)?.contents?.value ?? parameter(Name)?.inputs.insecureValue },
    }),
    PutParameter: ({ Name, Value }) => {
      const found = parameter(Name);
      if (found) found.contents = { ...found.contents, value: Value };
    },
  };
  return async (where: string, command: string, input: Props) => {
    const answer = answers[command];
    if (answer === undefined) throw new Error(`the rehearsal knows no ${command}`);
    return answer(input, where) ?? {};
  };
}

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
