import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import type { Props } from "../../rehearsal/types";
import { InProcess } from "../in-process";
import { openProject } from "../project";
import { variant } from "../variant";
import { changes } from "../way";
import { refuseFailed } from "./rehearsed.test-helper";

/** envinorma with the dumps that its maintainers wait for: S3IC every week with its checksum, georisques every month. */
const project = variant(openProject("envinorma"), {
  shared: {
    intake: {
      s3ic: { bucket: "misc", prefix: "s3ic/", every: "8d", minimumBytes: 1_000_000, checksum: "sha256" },
      georisques: { bucket: "misc", prefix: "georisques/", every: "32d", check: "georisques-check" },
    },
    jobs: {
      "georisques-check": {
        application: "web",
        command: "bin/check-dump",
        inputs: { OBJECT: { question: "Which dump?" } },
      },
    },
  },
});
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
    const object = { key: "georisques/2026-11.csv", size: 12, "version-id": "v1" };
    const detail = { bucket: { name: declared.georisques?.bucket }, object };
    await intake({ source: "aws.s3", detail }, { send, now: 0, settings: variables });
    assert.deepEqual(asked, [
      "logs:CreateLogStream",
      `sns:Publish ${declared.georisques?.bucket}: georisques/2026-11.csv (12 bytes) has arrived.`,
      "cloudwatch:PutMetricData",
      "lambda:Invoke envinorma-sandbox-jobs",
    ]);
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
