import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  isOwn,
  nameOf,
  number,
  record,
  records,
  refuseMissing,
  tagged,
  text,
  texts,
} from "./aws";
import { containersOf, stoppedReason, taskDefinitionOf } from "./ecs-tasks";
import { usersOf } from "./lb-targets";
import { refuseUntrusted } from "./policy-document";

export const CLUSTER = "aws:ecs/cluster:Cluster";
export const SERVICE = "aws:ecs/service:Service";

const service: Rule = {
  id: (ctx, inputs) => arn(ctx, "ecs", `service/${clusterName(inputs.cluster)}/${nameOf(ctx, inputs)}`),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: id.slice(id.lastIndexOf("/") + 1),
    arn: id,
    launchType: inputs.launchType ?? (inputs.capacityProviderStrategies === undefined ? "EC2" : ""),
    desiredCount: inputs.desiredCount ?? 0,
    schedulingStrategy: inputs.schedulingStrategy ?? "REPLICA",
  }),
  refuseWrite(ctx, inputs) {
    refuseMissing(ctx, CLUSTER, "name", nameOfCluster(inputs.cluster), "ClusterNotFoundException");
    const found = taskDefinitionOf(ctx, inputs.taskDefinition);
    if (found === undefined && text(inputs.taskDefinition) !== undefined) {
      ctx.refuse("ClientException", `there is no task definition ${inputs.taskDefinition}`);
    }
    if (found) refuseNetwork(ctx, inputs, found);
    refuseBalancers(ctx, inputs, found);
    refuseDeployment(ctx, inputs);
  },
  refuseCreate(ctx, inputs) {
    const twin = alive(ctx, SERVICE).find(
      (o) => o.outputs.name === inputs.name && clusterName(o.inputs.cluster) === clusterName(inputs.cluster),
    );
    if (twin)
      ctx.refuse("InvalidParameterException", `the cluster already has a service named "${inputs.name}"`);
    if (inputs.taskDefinition === undefined && record(inputs.deploymentController).type !== "EXTERNAL") {
      ctx.refuse("InvalidParameterException", "a service needs a taskDefinition");
    }
  },
  after: start,
};

export const rules: Rules = { [SERVICE]: service };

/**
 * Starts the tasks of a service. Where they cannot start, the service exists without them (an update keeps
 * the old ones), and only who waits for a steady state hears of it: as at AWS.
 */
function start(ctx: RuleContext, object: CloudObject): void {
  const reason = settle(ctx, object);
  if (reason !== undefined && object.inputs.waitForSteadyState === true) {
    ctx.refuse("ResourceNotReady", `the service ${object.outputs.name} does not become steady: ${reason}`);
  }
}

/** Has a service run what it is to run. @returns why it cannot */
export function settle(ctx: RuleContext, object: CloudObject, count = wanted(object)): string | undefined {
  object.outputs.desiredCount = count;
  const asked = number(object.inputs.desiredCount) ?? 0;
  const found = taskDefinitionOf(ctx, object.inputs.taskDefinition);
  if (count === 0 || found === undefined) {
    object.contents = { ...object.contents, asked, count, tasks: [] };
    return undefined;
  }
  const reason = stoppedReason(ctx, found);
  if (reason !== undefined) {
    object.contents = { tasks: object.contents?.tasks ?? [], asked, count, stoppedReason: reason };
    return reason;
  }
  const { subnets, securityGroups } = record(object.inputs.networkConfiguration);
  const task = { taskDefinition: found.id, image: containersOf(found)[0]?.image, securityGroups };
  const places = texts(subnets);
  const tasks = Array.from({ length: count }, (_, i) => ({ ...task, subnetId: places[i % places.length] }));
  object.contents = { asked, count, tasks };
  return undefined;
}

/** What the provider asks for, if it asks anew; otherwise what scaling has made of it since. */
function wanted({ inputs, contents }: CloudObject): number {
  const asked = number(inputs.desiredCount) ?? 0;
  return asked === contents?.asked ? (number(contents.count) ?? asked) : asked;
}

/** Whether a scalable target is about the service of this ARN. */
export function scales({ inputs }: Pick<CloudObject, "inputs">, serviceArn: unknown): boolean {
  const resource = text(inputs.resourceId);
  return resource !== undefined && String(serviceArn).endsWith(`:${resource}`);
}

/** A cluster goes by its ARN or its name; a service without one is in `default`. */
export function clusterName(reference: unknown): string {
  return nameOfCluster(reference) ?? "default";
}

function nameOfCluster(reference: unknown): string | undefined {
  return text(reference)?.replace(/^arn:.*:cluster\//, "");
}

function refuseNetwork(ctx: RuleContext, inputs: Props, found: CloudObject): void {
  const isOwnNetwork = found.inputs.networkMode === "awsvpc";
  if (isOwnNetwork === (inputs.networkConfiguration !== undefined)) return;
  const only = isOwnNetwork ? "needs" : "takes no";
  ctx.refuse(
    "InvalidParameterException",
    `networkMode ${found.inputs.networkMode} ${only} networkConfiguration`,
  );
}

function refuseBalancers(ctx: RuleContext, inputs: Props, found: CloudObject | undefined): void {
  const names = found ? containersOf(found).map((each) => each.name) : [];
  for (const balancer of records(inputs.loadBalancers)) {
    const advanced = record(balancer.advancedConfiguration);
    for (const group of texts([balancer.targetGroupArn, advanced.alternateTargetGroupArn])) {
      if (isOwn(ctx, group) && usersOf(ctx, group).length === 0) {
        ctx.refuse("InvalidParameterException", `the target group ${group} is attached to no load balancer`);
      }
    }
    if (found && text(balancer.containerName) !== undefined && !names.includes(balancer.containerName)) {
      ctx.refuse("InvalidParameterException", `${found.id} has no container "${balancer.containerName}"`);
    }
    refuseUntrusted(ctx, advanced.roleArn, "ecs.amazonaws.com", "InvalidParameterException");
  }
}

function refuseDeployment(ctx: RuleContext, inputs: Props): void {
  const refuse = (message: string) => ctx.refuse("InvalidParameterException", message);
  if (inputs.launchType !== undefined && inputs.capacityProviderStrategies !== undefined) {
    refuse("a service has a launchType or capacityProviderStrategies");
  }
  if (inputs.sigintRollback === true && inputs.waitForSteadyState !== true) {
    refuse("sigintRollback needs waitForSteadyState");
  }
  const { strategy, canaryConfiguration, linearConfiguration, lifecycleHooks } = record(
    inputs.deploymentConfiguration,
  );
  const advanced = records(inputs.loadBalancers).some((each) => each.advancedConfiguration !== undefined);
  if (strategy === "BLUE_GREEN" && !advanced)
    refuse("BLUE_GREEN needs an advancedConfiguration of the load balancer");
  if (strategy === "CANARY" && canaryConfiguration === undefined)
    refuse("CANARY needs a canaryConfiguration");
  if (strategy === "LINEAR" && linearConfiguration === undefined)
    refuse("LINEAR needs a linearConfiguration");
  const shifting = ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"];
  for (const hook of records(lifecycleHooks)) {
    if (
      hook.targetType === "PAUSE" &&
      texts(hook.lifecycleStages).some((stage) => shifting.includes(stage))
    ) {
      refuse("a PAUSE hook cannot stand in the middle of a traffic shift");
    }
  }
}
