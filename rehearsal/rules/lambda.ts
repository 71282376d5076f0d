import type { CloudObject, Props, Rule, RuleContext, Rules } from "../types";
import {
  alive,
  arn,
  isHere,
  json,
  nameIn,
  nameOf,
  record,
  refuseTakenName,
  regionalId,
  resourceOf,
  tagged,
  text,
  texts,
} from "./aws";
import { stoppedReason, taskDefinitionOf } from "./ecs-tasks";
import { refuseUntrusted } from "./policy-document";

const FUNCTION = "aws:lambda/function:Function";

/** Bytes of all variables of a function. Source: the quotas of AWS Lambda, function configuration. */
const VARIABLES = 4096;

const lambdaFunction: Rule = {
  id: (ctx, inputs) => regionalId(ctx, nameOf(ctx, inputs)),
  outputs(ctx, inputs, id) {
    const own = arn(ctx, "lambda", `function:${nameIn(id)}`);
    const invoke = (target: string, path = "invocations") =>
      `arn:aws:apigateway:${ctx.region}:lambda:path/2015-03-31/functions/${target}/${path}`;
    return {
      ...tagged(ctx, inputs),
      name: nameIn(id),
      arn: own,
      invokeArn: invoke(own),
      qualifiedArn: `${own}:$LATEST`,
      qualifiedInvokeArn: invoke(`${own}:$LATEST`),
      responseStreamingInvokeArn: invoke(own, "response-streaming-invocations"),
      lastModified: ctx.now,
      version: "$LATEST",
      signingJobArn: "",
      signingProfileVersionArn: "",
      sourceCodeSize: 1024,
      architectures: inputs.architectures ?? ["x86_64"],
      memorySize: inputs.memorySize ?? 128,
      timeout: inputs.timeout ?? 3,
      packageType: inputs.packageType ?? "Zip",
    };
  },
  refuseWrite(ctx, inputs) {
    const code = ["code", "imageUri", "s3Bucket"].filter((name) => inputs[name] !== undefined);
    if (code.length !== 1)
      ctx.refuse("InvalidParameterValueException", "a function has one of code, imageUri, s3Bucket");
    const missing = ["handler", "runtime"].filter((name) => inputs[name] === undefined);
    if ((inputs.packageType ?? "Zip") === "Zip" && missing.length > 0) {
      ctx.refuse("InvalidParameterValueException", `a zipped function needs ${missing.join(" and ")}`);
    }
    const { variables = {} } = record(inputs.environment) as { variables?: Props };
    if (Buffer.byteLength(JSON.stringify(variables)) > VARIABLES)
      ctx.refuse(
        "InvalidParameterValueException",
        "the environment variables you have provided exceeded the 4KB limit",
      );
    refuseUntrusted(ctx, inputs.role, "lambda.amazonaws.com", "InvalidParameterValueException");
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "ResourceConflictException"),
  keepsAfterDelete: (_, existing) => existing.inputs.skipDestroy === true,
};

const permission: Rule = {
  id: (ctx, inputs) => regionalId(ctx, `${name(inputs.function)}/${nameOf(ctx, inputs, "statementId")}`),
  outputs: (ctx, _, id) => ({
    region: ctx.region,
    statementId: nameIn(id).slice(nameIn(id).indexOf("/") + 1),
  }),
  refuseCreate(ctx, inputs) {
    refuseNoFunction(ctx, inputs.function);
    const twin = alive(ctx, ctx.type).find(
      (o) =>
        name(o.inputs.function) === name(inputs.function) && o.outputs.statementId === inputs.statementId,
    );
    if (twin)
      ctx.refuse("ResourceConflictException", `${name(inputs.function)} already has "${inputs.statementId}"`);
  },
};

/**
 * What a function answers is its own affair: the world says it, and a drill puts another answer into the function's
 * `contents.answer` or `contents.failure`. One that names a task definition wants to run it.
 */
const invocation: Rule = {
  outputs(ctx, inputs) {
    const answer = functionOf(ctx, inputs.functionName)?.contents?.answer;
    return { region: ctx.region, result: text(answer) ?? worldsAnswer(ctx, inputs) };
  },
  refuseWrite(ctx, inputs) {
    refuseNoFunction(ctx, inputs.functionName);
    const drilled = text(functionOf(ctx, inputs.functionName)?.contents?.failure);
    const failure = drilled ?? text(asked(ctx, inputs)?.error) ?? cannotStart(ctx, json(inputs.input));
    if (failure !== undefined) ctx.refuse("FunctionError", `${inputs.functionName} failed: ${failure}`);
  },
};

/** What the world says to what an invocation asks for. */
function asked(ctx: RuleContext, { functionName, input }: Props): Props | undefined {
  return ctx.world.functions?.[name(functionName)]?.[text(record(json(input)).do) ?? ""];
}

function worldsAnswer(ctx: RuleContext, inputs: Props): string {
  return JSON.stringify(asked(ctx, inputs) ?? null).replaceAll("<now>", ctx.now);
}

/** Why a task that an input names, at any depth, would not start. */
function cannotStart(ctx: RuleContext, input: unknown): string | undefined {
  if (Array.isArray(input)) return input.map((each) => cannotStart(ctx, each)).find(Boolean);
  const { taskDefinition, ...others } = record(input);
  const wanted = text(taskDefinition);
  const found = taskDefinitionOf(ctx, wanted);
  if (wanted !== undefined && found === undefined) return `there is no task definition ${wanted}`;
  const reason = found && stoppedReason(ctx, found);
  return (
    reason ??
    Object.values(others)
      .map((each) => cannotStart(ctx, each))
      .find(Boolean)
  );
}

export const rules: Rules = {
  [FUNCTION]: lambdaFunction,
  "aws:lambda/permission:Permission": permission,
  "aws:lambda/invocation:Invocation": invocation,
};

/** A function goes by its name or its ARN. */
function name(reference: unknown): string {
  const wanted = text(reference) ?? "";
  return wanted.startsWith("arn:") ? (resourceOf(wanted).split(":")[1] ?? wanted) : wanted;
}

function functionOf(ctx: RuleContext, reference: unknown): CloudObject | undefined {
  return alive(ctx, FUNCTION).find((o) => isHere(ctx, o) && o.outputs.name === name(reference));
}

function refuseNoFunction(ctx: RuleContext, reference: unknown): void {
  if (texts([reference]).length === 0 || functionOf(ctx, reference)) return;
  ctx.refuse("ResourceNotFoundException", `there is no function "${name(reference)}"`);
}
