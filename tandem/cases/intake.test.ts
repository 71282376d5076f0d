import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Props } from "../../rehearsal/types";
import { InProcess } from "../in-process";
import { openProject } from "../project";
import { changes } from "../way";
import { refuseFailed } from "./rehearsed.test-helper";

/** The dumps that envinorma's maintainers wait for: S3IC every week, georisques every month. */
const project = openProject("envinorma");
const way = new InProcess(project);
const inputsOf = (type: string, name: string): Props => {
  const found = way.memory.cloud.objects(type).find(({ inputs }) => inputs.name === name);
  assert.ok(found, name);
  return found.inputs;
};

type Send = (service: string, command: string, input: Props) => Promise<unknown>;
const { intake } = require("../../components/intake/handler.js") as {
  intake: (event: object, cloud: { send: Send; now: number; settings: object }) => Promise<void>;
};

describe("the dumps that envinorma waits for", () => {
  before(async () => refuseFailed(await way.run("sandbox", "up")));

  test("each folder has a rule of the real bucket, whose events reach EventBridge", () => {
    const { bucket } = way.memory.stacks.sandbox?.resources.find(({ urn }) =>
      urn.endsWith("::bucket-misc-events"),
    )?.inputs ?? { bucket: "" };
    assert.match(String(bucket), /misc/);
    for (const key of ["s3ic", "georisques"]) {
      const { eventPattern } = inputsOf(
        "aws:cloudwatch/eventRule:EventRule",
        `envinorma-sandbox-intake-${key}`,
      );
      assert.deepEqual(JSON.parse(String(eventPattern)).detail, {
        bucket: { name: [bucket] },
        object: { key: [{ prefix: `${key}/` }] },
      });
    }
  });

  test("with what the function was declared with, a dump gives one message and starts its check", async () => {
    const { environment } = inputsOf("aws:lambda/function:Function", "envinorma-sandbox-intake");
    const { variables } = environment as { variables: Record<string, string> };
    const declared = JSON.parse(variables.INTAKES ?? "") as Record<string, { bucket: string }>;
    const asked: string[] = [];
    const send: Send = async (service, command, input) => {
      asked.push(`${service}:${command} ${String(input.Message ?? input.FunctionName ?? "")}`.trim());
      return command === "Invoke" ? { Payload: Buffer.from('{"started":{}}') } : {};
    };
    const object = { key: "georisques/2026-11.csv", size: 1_200_000, "version-id": "v1" };
    const detail = { bucket: { name: declared.georisques?.bucket }, object };
    await intake({ source: "aws.s3", detail }, { send, now: 0, settings: variables });
    assert.deepEqual(asked, [
      "logs:CreateLogStream",
      `sns:Publish ${declared.georisques?.bucket}: georisques/2026-11.csv (1200000 bytes) has arrived.`,
      "cloudwatch:PutMetricData",
      "lambda:Invoke envinorma-sandbox-jobs",
    ]);
  });

  for (const [what, size, said] of [
    ["empty", 0, "is empty"],
    ["too small", 12, "is too small: at least 1000000 bytes are expected"],
  ] as const)
    test(`a dump that is ${what} gives one message, starts no check and counts as none`, async () => {
      const { environment } = inputsOf("aws:lambda/function:Function", "envinorma-sandbox-intake");
      const { variables } = environment as { variables: Record<string, string> };
      const { s3ic } = JSON.parse(variables.INTAKES ?? "") as Record<string, { bucket: string }>;
      const asked: string[] = [];
      const send: Send = async (service, command, input) => {
        asked.push(`${service}:${command} ${String(input.Message ?? "")}`.trim());
        return {};
      };
      const object = { key: "s3ic/2026-11.zip", size, "version-id": "v1" };
      const detail = { bucket: { name: s3ic?.bucket }, object };
      await intake({ source: "aws.s3", detail }, { send, now: 0, settings: variables });
      assert.deepEqual(asked, [
        "logs:CreateLogStream",
        `sns:Publish ${s3ic?.bucket}: s3ic/2026-11.zip (${size} bytes) ${said}.`,
      ]);
    });

  test("one that does not come is told by its alarm", () => {
    for (const key of ["s3ic", "georisques"]) {
      const alarm = inputsOf(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        `envinorma-sandbox-intake-${key}-late`,
      );
      assert.deepEqual([alarm.metricName, alarm.dimensions], ["Late", { Intake: key }]);
      assert.equal((alarm.alarmActions as string[]).length, 1);
    }
  });

  test("again, and nothing changes", async () => {
    const up = await way.run("sandbox", "up");
    refuseFailed(up);
    assert.deepEqual(
      changes(up.steps).map(({ name }) => name),
      [],
    );
  });
});
