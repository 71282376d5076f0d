import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";

type Input = Record<string, unknown>;
type Cloud = { send: object; now: number; settings: Record<string, string> };

const { intake } = require("./handler.js") as { intake: (event: object, cloud: Cloud) => Promise<void> };

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-22T12:00:00Z");
const S3IC = { bucket: "misc-1", prefix: "s3ic/", every: 86_400, minimumBytes: 10, checksum: "none" };
const SUMMED = { ...S3IC, prefix: "georisques/", checksum: "sha256" };
const CHECKED = { ...S3IC, prefix: "checked/", check: "look" };

const named = (name: string) => Object.assign(new Error(name), { name });

/** For tests: a bucket with versions, the topic, the log and the metrics, as far as the intake asks them. */
class Arriving {
  readonly notices: { subject: string; message: string }[] = [];
  readonly objects: Record<string, { body: Buffer; version: string }> = {};
  readonly streams: Record<string, number> = {};
  readonly metrics: { name: string; intake: string; value: number; at: number }[] = [];
  readonly invoked: Input[] = [];
  door: object = { Payload: Buffer.from('{"started":{"task":"1"}}') };
  failing = new Set<string>();
  now = NOW;

  put(key: string, body: string | Buffer): object {
    const bytes = Buffer.from(body);
    this.objects[key] = {
      body: bytes,
      version: `v${createHash("sha1").update(`${key}${body}`).digest("hex")}`,
    };
    return this.event(key);
  }

  event(key: string): object {
    const { body, version } = this.objects[key] ?? { body: Buffer.alloc(0), version: "none" };
    const object = { key, size: body.length, "version-id": version };
    return { source: "aws.s3", detail: { bucket: { name: "misc-1" }, object } };
  }

  hear(event: object): Promise<void> {
    const settings = {
      NAME: "envinorma-prod",
      INTAKES: JSON.stringify({ s3ic: S3IC, georisques: SUMMED, checked: CHECKED }),
      ENABLED: "true",
      TOPIC: "arn:topic",
      LOG_GROUP: "/envinorma/prod/intake",
      NAMESPACE: "tandem/envinorma-prod",
      DOOR: "envinorma-prod-jobs",
    };
    return intake(event, { send: this.send, now: this.now, settings });
  }

  get subjects(): string[] {
    return this.notices.map(({ subject }) => subject.replace("envinorma-prod: ", ""));
  }

  private readonly send = async (_service: string, command: string, input: Input): Promise<unknown> => {
    if (this.failing.has(command)) throw new Error(`${command} is out of order`);
    const answers: Record<string, () => unknown> = {
      HeadObject: () => {
        const { body, version } = this.found(input, "NotFound");
        return { ContentLength: body.length, VersionId: version };
      },
      GetObject: () => {
        const { body } = this.found(input, "NoSuchKey");
        if (input.Range !== undefined && body.length === 0) throw named("InvalidRange");
        return { Body: Readable.from(body.length > 3 ? [body.subarray(0, 3), body.subarray(3)] : [body]) };
      },
      CreateLogStream: () => {
        const name = String(input.logStreamName);
        if (name in this.streams) throw named("ResourceAlreadyExistsException");
        this.streams[name] = this.now;
      },
      DeleteLogStream: () => {
        delete this.streams[String(input.logStreamName)];
      },
      DescribeLogStreams: () => ({
        logStreams: Object.entries(this.streams)
          .filter(([name]) => name.startsWith(String(input.logStreamNamePrefix)))
          .map(([logStreamName, creationTime]) => ({ logStreamName, creationTime })),
      }),
      Publish: () => {
        this.notices.push({ subject: String(input.Subject), message: String(input.Message) });
      },
      PutMetricData: () => {
        const [data] = input.MetricData as [{ MetricName: string; Dimensions: [Input]; Value: number }];
        const intake = String(data.Dimensions[0].Value);
        this.metrics.push({ name: data.MetricName, intake, value: data.Value, at: this.now });
      },
      GetMetricStatistics: () => ({
        Datapoints: this.metrics.filter(
          ({ name, intake, at }) =>
            name === "Arrived" &&
            intake === (input.Dimensions as [Input])[0].Value &&
            at >= (input.StartTime as Date).getTime(),
        ),
      }),
      Invoke: () => {
        this.invoked.push(JSON.parse(String(input.Payload)) as Input);
        return this.door;
      },
    };
    const answer = answers[command];
    assert.ok(answer, command);
    return answer() ?? {};
  };

  private found({ Key }: Input, missing: string) {
    const found = this.objects[String(Key)];
    if (found === undefined) throw named(missing);
    return found;
  }
}

const sum = (text: string) => createHash("sha256").update(text).digest("hex");

test("an object that arrives is told once, with bucket, name and size, however often it is heard of", async () => {
  const cloud = new Arriving();
  const event = cloud.put("s3ic/2026-11.zip", "a good dump");
  await cloud.hear(event);
  await Promise.all([cloud.hear(event), cloud.hear(event)]);
  assert.deepEqual(cloud.notices, [
    {
      subject: "envinorma-prod: s3ic has arrived",
      message: "misc-1: s3ic/2026-11.zip (11 bytes) has arrived.",
    },
  ]);
});

test("the same name with new content is another arrival", async () => {
  const cloud = new Arriving();
  await cloud.hear(cloud.put("s3ic/latest.zip", "the first dump"));
  await cloud.hear(cloud.put("s3ic/latest.zip", "the second dump"));
  assert.deepEqual(cloud.subjects, ["s3ic has arrived", "s3ic has arrived"]);
});

test("whoever names an object does not write the mail", async () => {
  const cloud = new Arriving();
  await cloud.hear(cloud.put(`s3ic/<b>pay\nme</b> http://x.example ${"é".repeat(300)}`, "a good dump"));
  const [{ message = "" } = {}] = cloud.notices;
  assert.match(
    message,
    /^misc-1: s3ic\/\?b\?pay\?me\?\/b\?\?http\?\/\/x\.example\?{2,} \(11 bytes\) has arrived\.$/,
  );
  assert.ok(message.length < 250);
});

for (const [what, body, said] of [
  ["empty", "", "is empty"],
  ["too small", "short", "is too small: at least 10 bytes are expected"],
] as const)
  test(`an object that is ${what} is told once, as not well, and counts for nothing`, async () => {
    const cloud = new Arriving();
    const event = cloud.put("s3ic/dump.zip", body);
    await cloud.hear(event);
    await cloud.hear(event);
    assert.deepEqual(cloud.notices, [
      {
        subject: "envinorma-prod: s3ic is not well",
        message: `misc-1: s3ic/dump.zip (${body.length} bytes) ${said}.`,
      },
    ]);
    assert.deepEqual(cloud.metrics, []);
  });

for (const order of [
  ["dump.zip", "dump.zip.sha256"],
  ["dump.zip.sha256", "dump.zip"],
] as const)
  test(`an object and its checksum are one arrival, ${order[0]} first`, async () => {
    const cloud = new Arriving();
    const bodies = {
      "dump.zip": "a good dump",
      "dump.zip.sha256": `${sum("a good dump").toUpperCase()}  dump.zip\n`,
    };
    for (const each of order) await cloud.hear(cloud.put(`georisques/${each}`, bodies[each]));
    await cloud.hear(cloud.event("georisques/dump.zip"));
    assert.deepEqual(
      cloud.notices.map(({ message }) => message),
      ["misc-1: georisques/dump.zip (11 bytes) has arrived."],
    );
  });

test("without its checksum an object has not arrived yet: nothing is said until it is late", async () => {
  const cloud = new Arriving();
  await cloud.hear(cloud.put("georisques/dump.zip", "a good dump"));
  await cloud.hear({ ...cloud.put("georisques/other.sha256", sum("x")) });
  assert.deepEqual([cloud.notices, cloud.metrics], [[], []]);
});

for (const [what, text, said] of [
  ["another content's", sum("another dump"), "does not match its checksum"],
  ["no checksum at all", "see attachment", "has a checksum file that does not begin with a SHA-256"],
  ["empty", "", "has a checksum file that does not begin with a SHA-256"],
] as const)
  test(`a checksum that is ${what} is told once; put right, the object arrives`, async () => {
    const cloud = new Arriving();
    cloud.put("georisques/dump.zip", "a good dump");
    await cloud.hear(cloud.put("georisques/dump.zip.sha256", text));
    await cloud.hear(cloud.event("georisques/dump.zip"));
    assert.deepEqual(
      cloud.notices.map(({ message }) => message),
      [`misc-1: georisques/dump.zip (11 bytes) ${said}.`],
    );
    await cloud.hear(cloud.put("georisques/dump.zip.sha256", sum("a good dump")));
    assert.deepEqual(cloud.subjects, ["georisques is not well", "georisques has arrived"]);
  });

test("a job looks into what came: started once by its version's mark, with the object's own name", async () => {
  const cloud = new Arriving();
  const event = cloud.put("checked/a dump é.zip", "a good dump");
  await cloud.hear(event);
  await cloud.hear(event);
  const [first, second] = cloud.invoked;
  assert.deepEqual(first, second, "the door knows the same call, and starts it once");
  assert.deepEqual(
    { ...first, asked: "" },
    { do: "job", job: "look", inputs: { OBJECT: "checked/a dump é.zip" }, asked: "" },
  );
  assert.match(String(first?.asked), /^[A-Za-z0-9-]{1,60}$/);
  assert.deepEqual(cloud.subjects, ["checked has arrived"]);
});

test("a check that does not start is told; one that cannot be asked for is tried again", async () => {
  const cloud = new Arriving();
  cloud.door = { Payload: Buffer.from('{"refused":"Job look runs already"}') };
  await cloud.hear(cloud.put("checked/dump.zip", "a good dump"));
  assert.deepEqual(cloud.subjects, ["checked has arrived", "checked is not well"]);
  cloud.door = { FunctionError: "Unhandled", Payload: Buffer.from("{}") };
  await assert.rejects(cloud.hear(cloud.put("checked/next.zip", "a good dump")), /look could not be started/);
});

test("a notice that could not be sent is sent by the next try", async () => {
  const cloud = new Arriving();
  cloud.failing.add("Publish");
  const event = cloud.put("s3ic/dump.zip", "a good dump");
  await assert.rejects(cloud.hear(event), /Publish is out of order/);
  cloud.failing.clear();
  await cloud.hear(event);
  assert.deepEqual(cloud.subjects, ["s3ic has arrived"]);
});

for (const key of ["s3ic/", "s3ic/2026/", "elsewhere/dump.zip", "s3icd/dump.zip"])
  test(`${key} is nothing that is told`, async () => {
    const cloud = new Arriving();
    await cloud.hear(cloud.put(key, ""));
    assert.deepEqual(cloud.notices, []);
  });

const watch = { do: "watch" };
const late = ({ metrics }: Arriving, name: string) =>
  metrics.filter((each) => each.name === "Late" && each.intake === name).at(-1)?.value;

test("nothing is late before its first time has passed, and then it is, until something good comes", async () => {
  const cloud = new Arriving();
  await cloud.hear(watch);
  cloud.now += 23 * HOUR;
  await cloud.hear(watch);
  assert.equal(late(cloud, "s3ic"), 0);
  cloud.now += 2 * HOUR;
  await cloud.hear(watch);
  assert.equal(late(cloud, "s3ic"), 1);
  await cloud.hear(cloud.put("s3ic/empty.zip", ""));
  await cloud.hear(watch);
  assert.equal(late(cloud, "s3ic"), 1, "what is not well is as late as what did not come");
  await cloud.hear(cloud.put("s3ic/dump.zip", "a good dump"));
  cloud.now += 23 * HOUR;
  await cloud.hear(watch);
  assert.deepEqual([late(cloud, "s3ic"), late(cloud, "georisques")], [0, 1]);
  cloud.now += 2 * HOUR;
  await cloud.hear(watch);
  assert.equal(late(cloud, "s3ic"), 1);
});

test("anything else is refused, so that it ends where it is seen", async () => {
  await assert.rejects(new Arriving().hear({ do: "forget" }), /is nothing that is done here: watch/);
});
