import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, FakeCloud, refusal } from "./context.test-helper";
import { rules as sns } from "./sns";
import { rules as sqs } from "./sqs";

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const QUEUE = "aws:sqs/queue:Queue";

const post = () => new FakeCloud({ ...sns, ...sqs });

test("topics and queues have AWS's names", () => {
  const cloud = post();
  assert.equal(
    cloud.create(TOPIC, { name: "notices" }).outputs.arn,
    `arn:aws:sns:eu-west-3:${ACCOUNT}:notices`,
  );
  const queue = cloud.create(QUEUE, { name: "intake" });
  assert.equal(queue.id, `https://sqs.eu-west-3.amazonaws.com/${ACCOUNT}/intake`);
  assert.equal(queue.outputs.arn, `arn:aws:sqs:eu-west-3:${ACCOUNT}:intake`);
});

test("a subscription by mail waits for the click, one to a queue does not", () => {
  const cloud = post();
  const topic = cloud.create(TOPIC, { name: "notices" }).id;
  const queue = cloud.create(QUEUE, { name: "intake" });
  const mail = cloud.create(SUBSCRIPTION, { topic, protocol: "email", endpoint: "a@shop.example" }, "a");
  assert.equal(mail.outputs.pendingConfirmation, true);
  const direct = cloud.create(SUBSCRIPTION, { topic, protocol: "sqs", endpoint: queue.outputs.arn }, "b");
  assert.equal(direct.outputs.pendingConfirmation, false);
});

test("subscriptions and policies of a topic that does not exist are refused", () => {
  const cloud = post();
  const topic = `arn:aws:sns:eu-west-3:${ACCOUNT}:none`;
  const subscribe = () =>
    cloud.create(SUBSCRIPTION, { topic, protocol: "email", endpoint: "a@shop.example" });
  assert.throws(subscribe, refusal("NotFound"));
  const policy = JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: "sns:Publish" }] });
  assert.throws(
    () => cloud.create("aws:sns/topicPolicy:TopicPolicy", { arn: topic, policy }),
    refusal("NotFound"),
  );
});

test("a filter scope needs a filter", () => {
  const cloud = post();
  const topic = cloud.create(TOPIC, { name: "notices" }).id;
  const inputs = { topic, protocol: "email", endpoint: "a@shop.example", filterPolicyScope: "MessageBody" };
  assert.throws(() => cloud.create(SUBSCRIPTION, inputs), refusal("InvalidParameter", /filterPolicy/));
});

test("what only FIFO topics and queues can do is refused elsewhere", () => {
  const inputs = { name: "x", contentBasedDeduplication: true };
  assert.throws(() => post().create(TOPIC, inputs), refusal("InvalidParameter"));
  assert.throws(() => post().create(QUEUE, inputs), refusal("InvalidAttributeName"));
});

test("a queue's name is taken once", () => {
  const cloud = post();
  cloud.create(QUEUE, { name: "intake" });
  assert.throws(() => cloud.create(QUEUE, { name: "intake" }, "b"), refusal("QueueNameExists"));
});

test("a dead-letter queue exists and is of the same kind", () => {
  const cloud = post();
  const redrive = (arn: unknown) => JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
  const put = (inputs: object) => () => cloud.create(QUEUE, { name: "a", ...inputs }, "a");
  const none = redrive(`arn:aws:sqs:eu-west-3:${ACCOUNT}:none`);
  assert.throws(put({ redrivePolicy: none }), refusal("InvalidParameterValue", /does not exist/));
  const dead = cloud.create(QUEUE, { name: "dead.fifo", fifoQueue: true }, "dead").outputs.arn;
  assert.throws(put({ redrivePolicy: redrive(dead) }), refusal("InvalidParameterValue", /FIFO/));
  put({ name: "a.fifo", fifoQueue: true, redrivePolicy: redrive(dead) })();
});

test("a policy belongs to a queue that exists and is a policy", () => {
  const POLICY = "aws:sqs/queuePolicy:QueuePolicy";
  const cloud = post();
  const queueUrl = cloud.create(QUEUE, { name: "intake" }).id;
  assert.throws(() => cloud.create(POLICY, { queueUrl, policy: "no" }), refusal("InvalidAttributeValue"));
  const policy = JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage" }],
  });
  assert.throws(
    () => cloud.create(POLICY, { queueUrl: `${queueUrl}x`, policy }),
    refusal("QueueDoesNotExist"),
  );
  cloud.create(POLICY, { queueUrl, policy });
});
