import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  json,
  nameOf,
  number,
  records,
  refuseMissing,
  regionalId,
  resourceOf,
  tagged,
  text,
  texts,
} from "./aws";
import { CLUSTER, clusterName, SERVICE, rules as services } from "./ecs-service";
import { roleNeed, TASK_DEFINITION } from "./ecs-tasks";

/** What Fargate runs: memory in MiB for CPU units, from, to and in steps (ECS developer guide). */
const FARGATE: Readonly<Record<number, readonly [from: number, to: number, step: number]>> = {
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16384, 1024],
  4096: [8192, 30720, 1024],
  8192: [16384, 61440, 4096],
  16384: [32768, 122880, 8192],
};

const cluster: Rule = {
  id: (ctx, inputs) => arn(ctx, "ecs", `cluster/${nameOf(ctx, inputs)}`),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: resourceOf(id).replace("cluster/", ""),
    arn: id,
    settings: inputs.settings ?? [{ name: "containerInsights", value: "disabled" }],
  }),
  refuseDelete(ctx, existing) {
    const services = servicesOf(ctx, existing);
    if (services.length === 0) return;
    const names = services.map((o) => o.outputs.name).join(", ");
    ctx.refuse(
      "ClusterContainsServicesException",
      `${existing.outputs.name} still has the services ${names}`,
    );
  },
};

const capacityProviders: Rule = {
  id: (ctx, inputs) => regionalId(ctx, text(inputs.clusterName) ?? "cluster"),
  outputs: (ctx) => ({ region: ctx.region }),
  refuseWrite(ctx, inputs) {
    refuseMissing(ctx, CLUSTER, "name", inputs.clusterName, "ClusterNotFoundException");
    const bases = records(inputs.defaultCapacityProviderStrategies).filter(
      (each) => (number(each.base) ?? 0) > 0,
    );
    if (bases.length > 1) ctx.refuse("InvalidParameterException", "at most one strategy item has a base");
  },
};

/** Its id is the ARN: the provider's own, the family, would be the same for a revision and its successor. */
const taskDefinition: Rule = {
  id: (ctx, inputs) =>
    arn(ctx, "ecs", `task-definition/${inputs.family}:${nextRevision(ctx, inputs.family)}`),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    arn: id,
    arnWithoutRevision: id.slice(0, id.lastIndexOf(":")),
    revision: Number(id.slice(id.lastIndexOf(":") + 1)),
    enableFaultInjection: inputs.enableFaultInjection ?? false,
  }),
  refuseCreate(ctx, inputs) {
    refuseContainers(ctx, inputs.containerDefinitions);
    if (texts(inputs.requiresCompatibilities).includes("FARGATE")) refuseFargate(ctx, inputs);
  },
};

export const rules: Rules = {
  [CLUSTER]: cluster,
  "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders": capacityProviders,
  [TASK_DEFINITION]: taskDefinition,
  ...services,
};

function servicesOf(ctx: RuleContext, found: CloudObject): readonly CloudObject[] {
  return alive(ctx, SERVICE).filter((o) => clusterName(o.inputs.cluster) === found.outputs.name);
}

function nextRevision(ctx: RuleContext, family: unknown): number {
  const same = alive(ctx, TASK_DEFINITION).filter((o) => o.inputs.family === family);
  return Math.max(0, ...same.map((o) => number(o.outputs.revision) ?? 0)) + 1;
}

function refuseContainers(ctx: RuleContext, definitions: unknown): void {
  if (text(definitions) === undefined) return;
  const parsed = json(definitions);
  const isSound = Array.isArray(parsed) && parsed.length > 0 && records(parsed).length === parsed.length;
  if (!isSound)
    ctx.refuse("ClientException", "containerDefinitions is a JSON list of containers, none of them empty");
}

function refuseFargate(ctx: RuleContext, inputs: Props): void {
  const kind = inputs.executionRoleArn === undefined ? roleNeed(inputs.containerDefinitions) : undefined;
  if (kind) ctx.refuse("ClientException", `Fargate needs an executionRoleArn for ${kind}`);
  if (inputs.networkMode !== "awsvpc") ctx.refuse("ClientException", "Fargate needs the networkMode awsvpc");
  const [cpu, memory] = [number(inputs.cpu), number(inputs.memory)];
  if (cpu === undefined || memory === undefined) {
    ctx.refuse("ClientException", "Fargate needs cpu and memory for the whole task");
  }
  const [from, to, step] = FARGATE[cpu] ?? [1, 0, 1];
  const fits =
    cpu === 256 ? [512, 1024, 2048].includes(memory) : memory >= from && memory <= to && memory % step === 0;
  if (!fits) ctx.refuse("ClientException", `Fargate has no task of ${cpu} CPU units with ${memory} MiB`);
}
