import type { Rule, Rules } from "../types";
import { arn, json, lookup, nameOf, record, refuseMissing, refuseTakenName, tagged, text } from "./aws";
import { refuseMalformed } from "./policy-document";

const QUEUE = "aws:sqs/queue:Queue";

const queue: Rule = {
  id: (ctx, inputs) => `https://sqs.${ctx.region}.amazonaws.com/${ctx.account}/${nameOf(ctx, inputs)}`,
  outputs(ctx, inputs, id) {
    const name = id.slice(id.lastIndexOf("/") + 1);
    return {
      ...tagged(ctx, inputs),
      name,
      url: id,
      arn: arn(ctx, "sqs", name),
      fifoQueue: inputs.fifoQueue ?? false,
      visibilityTimeoutSeconds: inputs.visibilityTimeoutSeconds ?? 30,
      messageRetentionSeconds: inputs.messageRetentionSeconds ?? 345600,
    };
  },
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "InvalidAttributeValue");
    if (inputs.contentBasedDeduplication === true && inputs.fifoQueue !== true) {
      ctx.refuse("InvalidAttributeName", "contentBasedDeduplication needs a queue with fifoQueue");
    }
    const target = text(record(json(inputs.redrivePolicy)).deadLetterTargetArn);
    if (target === undefined) return;
    const dead =
      lookup(ctx, QUEUE, "arn", target) ??
      ctx.refuse("InvalidParameterValue", `the dead-letter queue ${target} does not exist`);
    if ((dead.inputs.fifoQueue === true) !== (inputs.fifoQueue === true)) {
      ctx.refuse("InvalidParameterValue", "a queue and its dead-letter queue are both FIFO or both standard");
    }
  },
  refuseCreate: (ctx, inputs) => refuseTakenName(ctx, inputs, "name", "QueueNameExists"),
};

const queuePolicy: Rule = {
  id: (_, inputs) => text(inputs.queueUrl) ?? "queue",
  outputs: (ctx) => ({ region: ctx.region }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "InvalidAttributeValue");
    refuseMissing(ctx, QUEUE, "url", inputs.queueUrl, "QueueDoesNotExist");
  },
};

export const rules: Rules = { [QUEUE]: queue, "aws:sqs/queuePolicy:QueuePolicy": queuePolicy };
