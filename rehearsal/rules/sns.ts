import type { Rule, RuleContext, Rules } from "../types";
import { arn, isOwn, lookup, nameOf, resourceOf, tagged, text, uuid } from "./aws";
import { refuseMalformed } from "./policy-document";

const TOPIC = "aws:sns/topic:Topic";

const topic: Rule = {
  id: (ctx, inputs) => arn(ctx, "sns", nameOf(ctx, inputs)),
  outputs: (ctx, inputs, id) => ({
    ...tagged(ctx, inputs),
    name: resourceOf(id),
    arn: id,
    owner: ctx.account,
    beginningArchiveTime: "",
    fifoTopic: inputs.fifoTopic ?? false,
  }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "InvalidParameter");
    const only = ["archivePolicy", "contentBasedDeduplication"].filter((name) => Boolean(inputs[name]));
    if (inputs.fifoTopic !== true && only.length > 0) {
      ctx.refuse("InvalidParameter", `${only.join(", ")} need a topic with fifoTopic`);
    }
  },
};

const topicPolicy: Rule = {
  id: (_, inputs) => text(inputs.arn) ?? "topic",
  outputs: (ctx) => ({ region: ctx.region, owner: ctx.account }),
  refuseWrite(ctx, inputs) {
    refuseMalformed(ctx, inputs.policy, "InvalidParameter");
    refuseNoTopic(ctx, inputs.arn);
  },
};

const subscription: Rule = {
  id: (ctx, inputs) => `${text(inputs.topic) ?? "topic"}:${uuid(ctx.hex("subscription", 32))}`,
  outputs(ctx, inputs, id) {
    // Somebody has to click the mail; a web hook has to answer.
    const waits = /^(email|https?)/.test(String(inputs.protocol)) && inputs.endpointAutoConfirms !== true;
    return {
      region: ctx.region,
      arn: id,
      ownerId: ctx.account,
      pendingConfirmation: waits,
      confirmationWasAuthenticated: !waits,
    };
  },
  refuseWrite(ctx, inputs) {
    refuseNoTopic(ctx, inputs.topic);
    if (inputs.filterPolicyScope !== undefined && inputs.filterPolicy === undefined) {
      ctx.refuse("InvalidParameter", "filterPolicyScope needs a filterPolicy");
    }
  },
};

export const rules: Rules = {
  [TOPIC]: topic,
  "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
  "aws:sns/topicSubscription:TopicSubscription": subscription,
};

function refuseNoTopic(ctx: RuleContext, value: unknown): void {
  const wanted = text(value);
  if (wanted === undefined || !isOwn(ctx, wanted)) return;
  if (!lookup(ctx, TOPIC, "arn", wanted)) ctx.refuse("NotFound", `there is no topic ${wanted}`);
}
