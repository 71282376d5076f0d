import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Cloud } from "./cloud";
import { CreatedButFailed } from "./faults";
import { type RehearsalServer, serve } from "./server";
import { fromStruct, toServiceError, toStruct } from "./server/wire";
import { CloudRefusal, type Props, UNKNOWN } from "./types";
import { worldFor } from "./world";

const TOPIC = "aws:sns/topic:Topic";
const BUCKET = "aws:s3/bucket:Bucket";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const LOGS = "aws:cloudwatch/logGroup:LogGroup";

let cloud: Cloud;
let server: RehearsalServer;
let client: ResourceProviderClient;
let secrets: unknown[];
let kills: number;

beforeEach(async () => {
  cloud = Cloud.empty(worldFor({}));
  secrets = [];
  kills = 0;
  server = await serve({
    cloud,
    account: "111111111111",
    onSecret: (value) => secrets.push(value),
    onKill: () => {
      kills++;
    },
  });
  client = new ResourceProviderClient(`127.0.0.1:${server.port}`, credentials.createInsecure());
});

afterEach(() => {
  client.close();
  server.close();
});

const urn = (type: string, name: string) => `urn:pulumi:sandbox::shop::tandem:x:X$${type}::${name}`;

/** A call as a promise. */
function call<A>(start: (done: (error: ServiceError | null, answer: A) => void) => void): Promise<A> {
  return new Promise((resolve, reject) =>
    start((error, answer) => (error ? reject(error) : resolve(answer))),
  );
}

function create(
  type: string,
  name: string,
  inputs: Props,
  { preview = false, secret = [] as string[] } = {},
) {
  const request = new rpc.CreateRequest()
    .setUrn(urn(type, name))
    .setProperties(toStruct(inputs, secret))
    .setPreview(preview);
  return call<rpc.CreateResponse>((done) => client.create(request, done));
}

function configure(provider: string, accounts: string) {
  const request = new rpc.ConfigureRequest()
    .setUrn(urn("pulumi:providers:aws", provider))
    .setArgs(toStruct({ allowedAccountIds: accounts }));
  return call<rpc.ConfigureResponse>((done) => client.configure(request, done));
}

test("one port stands for the four packages", () => {
  const { port, debugProviders } = server;
  assert.equal(debugProviders, `aws:${port},cloudflare:${port},github:${port},random:${port}`);
});

test("a resource is checked, created, read, updated and deleted", async () => {
  const checking = new rpc.CheckRequest()
    .setUrn(urn(BUCKET, "media"))
    .setNews(toStruct({ forceDestroy: true }));
  const checked = await call<rpc.CheckResponse>((done) => client.check(checking, done));
  assert.deepEqual(checked.getFailuresList(), []);
  const inputs = fromStruct(checked.getInputs()).values;
  assert.match(String(inputs.bucket), /^media-[0-9a-f]{7}$/);

  const created = await create(BUCKET, "media", inputs);
  assert.equal(created.getId(), inputs.bucket);
  assert.equal(fromStruct(created.getProperties()).values.arn, `arn:aws:s3:::${inputs.bucket}`);

  const what = { id: created.getId(), urn: urn(BUCKET, "media") };
  const updating = new rpc.UpdateRequest().setId(what.id).setUrn(what.urn);
  updating.setNews(toStruct({ ...inputs, tags: { a: "b" } })).setOlds(created.getProperties());
  await call<rpc.UpdateResponse>((done) => client.update(updating, done));

  const reading = new rpc.ReadRequest().setId(what.id).setUrn(what.urn);
  const read = await call<rpc.ReadResponse>((done) => client.read(reading, done));
  assert.deepEqual(fromStruct(read.getInputs()).values.tags, { a: "b" });

  const deleting = new rpc.DeleteRequest().setId(what.id).setUrn(what.urn);
  await call<Empty>((done) => client.delete(deleting, done));
  const gone = await call<rpc.ReadResponse>((done) => client.read(reading, done));
  assert.equal(gone.getId(), "");
  assert.deepEqual(cloud.objects(), []);
});

test("every mistake in the inputs comes back with its property", async () => {
  const request = new rpc.CheckRequest()
    .setUrn(urn(LOGS, "logs"))
    .setNews(toStruct({ retentionInDays: 8, nmae: "x" }));
  const answer = await call<rpc.CheckResponse>((done) => client.check(request, done));
  assert.deepEqual(
    answer.getFailuresList().map((failure) => failure.getProperty()),
    ["nmae", "retentionInDays"],
  );
});

test("a difference says what changes, what replaces and whether the old one goes first", async () => {
  const logs = { name: "/shop", logGroupClass: "STANDARD", retentionInDays: 7 };
  const request = new rpc.DiffRequest()
    .setUrn(urn(LOGS, "logs"))
    .setId("/shop")
    .setOldInputs(toStruct(logs))
    .setNews(toStruct({ ...logs, logGroupClass: "INFREQUENT_ACCESS", retentionInDays: 30 }));
  const answer = await call<rpc.DiffResponse>((done) => client.diff(request, done));
  assert.equal(answer.getChanges(), rpc.DiffResponse.DiffChanges.DIFF_SOME);
  assert.deepEqual(answer.getDiffsList(), ["logGroupClass", "retentionInDays"]);
  assert.deepEqual(answer.getReplacesList(), ["logGroupClass"]);
  assert.equal(answer.getDeletebeforereplace(), true);
});

test("a preview foresees what the real run gives and leaves the clouds alone", async () => {
  const foreseen = await create(BUCKET, "media", { bucket: "media" }, { preview: true });
  assert.deepEqual(cloud.objects(), []);
  const real = await create(BUCKET, "media", { bucket: "media" });
  assert.equal(foreseen.getId(), real.getId());
  assert.deepEqual(fromStruct(foreseen.getProperties()), fromStruct(real.getProperties()));
});

test("what one step of a preview creates, the next one sees", async () => {
  await create(LOGS, "first", { name: "/shop" }, { preview: true });
  await assert.rejects(create(LOGS, "second", { name: "/shop" }, { preview: true }), /AlreadyExists/);
});

test("a preview that begins anew has forgotten the one before", async () => {
  await configure("default", '["222222222222"]');
  await create(LOGS, "first", { name: "/shop" }, { preview: true });
  await configure("default", '["222222222222"]');
  await create(LOGS, "first", { name: "/shop" }, { preview: true });
});

test("in a preview, what replaces an object that can stay beside it is another one", async () => {
  const task = (image: string) => ({
    family: "shop",
    containerDefinitions: JSON.stringify([{ name: "app", image }]),
  });
  const present = await create(TASK, "task", task("one"));
  const comparing = new rpc.DiffRequest()
    .setUrn(urn(TASK, "task"))
    .setId(present.getId())
    .setOldInputs(toStruct(task("one")))
    .setOlds(present.getProperties())
    .setNews(toStruct(task("two")));
  await call<rpc.DiffResponse>((done) => client.diff(comparing, done));
  const next = await create(TASK, "task", task("two"), { preview: true });
  assert.match(next.getId(), /:2$/);
});

test("in a preview, a replacement takes the place of the object that was compared", async () => {
  const logs = { name: "/shop", logGroupClass: "STANDARD" };
  const { id } = (await create(LOGS, "logs", logs)).toObject();
  const news = { ...logs, logGroupClass: "INFREQUENT_ACCESS" };
  const compare = new rpc.DiffRequest().setUrn(urn(LOGS, "logs")).setId(id);
  compare.setOldInputs(toStruct(logs)).setNews(toStruct(news));
  await call<rpc.DiffResponse>((done) => client.diff(compare, done));
  await create(LOGS, "logs", news, { preview: true });
  assert.equal(cloud.objects(LOGS)[0]?.inputs.logGroupClass, "STANDARD");
});

test("what is made from something unknown is unknown, and proves nothing about the rest", async () => {
  const unknown = await create(LOGS, "first", { name: UNKNOWN }, { preview: true });
  assert.equal(unknown.getId(), "");
  assert.equal(fromStruct(unknown.getProperties()).values.arn, UNKNOWN);
  await create(LOGS, "second", { name: "/shop" }, { preview: true });
  const third = await create(LOGS, "third", { name: "/shop" }, { preview: true });
  assert.equal(fromStruct(third.getProperties()).values.arn, UNKNOWN);
});

test("the account is the one that the provider is configured for", async () => {
  await configure("default", '["222222222222"]');
  const topic = await create(TOPIC, "notices", { name: "notices" });
  assert.equal(fromStruct(topic.getProperties()).values.arn, "arn:aws:sns:eu-west-3:222222222222:notices");
});

test("secret inputs come back secret and are reported", async () => {
  const inputs = { name: "/shop/key", type: "SecureString", value: "not for everybody" };
  const answer = await create("aws:ssm/parameter:Parameter", "key", inputs, { secret: ["value"] });
  assert.deepEqual(fromStruct(answer.getProperties()).secrets, ["value"]);
  assert.deepEqual(secrets, ["not for everybody"]);
  assert.equal(cloud.objects()[0]?.inputs.value, "not for everybody");
});

test("a refusal is its own words and nothing of this process", async () => {
  await create(LOGS, "first", { name: "/shop" });
  await assert.rejects(create(LOGS, "second", { name: "/shop" }), (error: ServiceError) => {
    assert.match(error.details, /^ResourceAlreadyExistsException: /);
    assert.doesNotMatch(error.details, /\n|\.ts/);
    return true;
  });
});

test("an unknown type is refused", async () => {
  await assert.rejects(create("aws:cloudfront/function:Function", "f", {}), /unknown type aws:cloudfront/);
});

test("a create that times out leaves its object, and nobody hears of its id", async () => {
  cloud.faults.push({ type: TOPIC, nth: 1, kind: "timeout" });
  await assert.rejects(create(TOPIC, "notices", { name: "notices" }), /RequestTimeout/);
  assert.equal(cloud.objects(TOPIC).length, 1);
});

test("an object that fails after it was made is handed over, so that the engine keeps it", async () => {
  const failed = new CreatedButFailed(new CloudRefusal("TaskFailed", "no image"), "the-id", { name: "x" });
  const [bytes] = toServiceError(failed).metadata?.get("grpc-status-details-bin") ?? [];
  const [detail] = Status.deserializeBinary(bytes as Buffer).getDetailsList();
  const content = rpc.ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? new Uint8Array());
  assert.equal(content.getId(), "the-id");
  assert.deepEqual(content.getReasonsList(), ["TaskFailed: no image"]);
  assert.deepEqual(fromStruct(content.getProperties()).values, { name: "x" });
});

test("a kill is passed on; a preview does not trigger it", async () => {
  cloud.faults.push({ type: TOPIC, nth: 1, kind: "kill" });
  await create(TOPIC, "notices", { name: "notices" }, { preview: true });
  assert.equal(kills, 0);
  await assert.rejects(create(TOPIC, "notices", { name: "notices" }), /killed/);
  assert.equal(kills, 1);
});

test("functions are answered", async () => {
  const request = new rpc.InvokeRequest().setTok("aws:index/getCallerIdentity:getCallerIdentity");
  const answer = await call<rpc.InvokeResponse>((done) => client.invoke(request, done));
  assert.equal(fromStruct(answer.getReturn()).values.accountId, "111111111111");
});
