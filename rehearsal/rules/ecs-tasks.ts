import type { CloudObject, Props, RuleContext } from "../types";
import { alive, isOwn, json, lookup, record, records, resourceOf, text } from "./aws";
import { unpullable } from "./ecr";
import { refuseUntrusted } from "./policy-document";
import { unreadable } from "./secretsmanager";

export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** The containers of a task definition. */
export function containersOf(taskDefinition: CloudObject): readonly Props[] {
  return records(json(taskDefinition.inputs.containerDefinitions));
}

/** A task definition by ARN, by `family:revision`, or by family alone (its newest revision). */
export function taskDefinitionOf(ctx: RuleContext, reference: unknown): CloudObject | undefined {
  const wanted = text(reference);
  if (wanted === undefined) return undefined;
  const name = wanted.startsWith("arn:") ? resourceOf(wanted).replace("task-definition/", "") : wanted;
  const [family, revision] = name.split(":");
  const revisions = alive(ctx, TASK_DEFINITION).filter((o) => o.inputs.family === family);
  if (revision !== undefined) return revisions.find((o) => String(o.outputs.revision) === revision);
  return revisions.sort((a, b) => Number(b.outputs.revision) - Number(a.outputs.revision))[0];
}

/** Why a task would stop before it runs; undefined when it starts. */
export function stoppedReason(ctx: RuleContext, taskDefinition: CloudObject): string | undefined {
  const containers = containersOf(taskDefinition);
  return (
    roleProblem(ctx, taskDefinition, containers) ??
    first(containers, (container) => imageProblem(ctx, container)) ??
    first(containers, (container) => secretProblem(ctx, container)) ??
    first(containers, (container) => logProblem(ctx, container))
  );
}

/** What Fargate needs an execution role for, already when the task definition is registered. */
export function roleNeed(definitions: unknown): string | undefined {
  const containers = records(json(definitions));
  if (containers.some((each) => logOptions(each) !== undefined)) return "the log driver awslogs";
  return containers.some((each) => text(each.image)?.includes(".dkr.ecr.")) ? "images of ECR" : undefined;
}

function roleProblem(ctx: RuleContext, taskDefinition: CloudObject, containers: readonly Props[]) {
  const { executionRoleArn, taskRoleArn } = taskDefinition.inputs;
  const needsRole = containers.some(
    (each) => records(each.secrets).length > 0 || logOptions(each) !== undefined,
  );
  if (executionRoleArn === undefined && needsRole) {
    return "ResourceInitializationError: secrets need an execution role";
  }
  try {
    refuseUntrusted(ctx, executionRoleArn, "ecs-tasks.amazonaws.com", "ResourceInitializationError");
    refuseUntrusted(ctx, taskRoleArn, "ecs-tasks.amazonaws.com", "ResourceInitializationError");
  } catch (refusal) {
    return (refusal as Error).message;
  }
  return undefined;
}

function imageProblem(ctx: RuleContext, container: Props): string | undefined {
  const problem = unpullable(ctx, text(container.image) ?? "");
  return problem && `CannotPullContainerError: container "${container.name}": ${problem}`;
}

function secretProblem(ctx: RuleContext, container: Props): string | undefined {
  return first(records(container.secrets), ({ name, valueFrom }) => {
    const problem = valueProblem(ctx, text(valueFrom) ?? "");
    return (
      problem && `ResourceInitializationError: container "${container.name}", secret ${name}: ${problem}`
    );
  });
}

/** A value comes from Secrets Manager (an ARN with its parts) or from Parameter Store (an ARN or a name). */
function valueProblem(ctx: RuleContext, reference: string): string | undefined {
  if (reference.includes(":secretsmanager:")) {
    return isOwn(ctx, reference) ? unreadable(ctx, reference) : undefined;
  }
  const isArn = reference.startsWith("arn:");
  const found = lookup(ctx, "aws:ssm/parameter:Parameter", isArn ? "arn" : "name", reference);
  return found ? undefined : `the parameter ${reference} does not exist`;
}

function logProblem(ctx: RuleContext, container: Props): string | undefined {
  const options = logOptions(container);
  const group = text(options?.["awslogs-group"]);
  if (group === undefined || options?.["awslogs-create-group"] === "true") return undefined;
  if (lookup(ctx, "aws:cloudwatch/logGroup:LogGroup", "name", group)) return undefined;
  return `ResourceInitializationError: container "${container.name}": the log group ${group} does not exist`;
}

function logOptions(container: Props): Props | undefined {
  const configuration = record(container.logConfiguration);
  return configuration.logDriver === "awslogs" ? record(configuration.options) : undefined;
}

function first<T>(list: readonly T[], problem: (each: T) => string | undefined): string | undefined {
  for (const each of list) {
    const found = problem(each);
    if (found !== undefined) return found;
  }
  return undefined;
}
