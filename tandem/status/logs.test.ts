import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { mockClient } from "aws-sdk-client-mock";
import { parse } from "../../config/parse";
import { raw } from "../../config/testing";
import { CommandError } from "../errors";
import { allLogGroups, logGroups } from "./log-groups";
import { follow, past, sinceOf } from "./logs";

const settings = parse(raw({ shared: { applications: { web: { release: "manage migrate" } } } }));
const base = `/${settings.project}/prod`;
const logs = mockClient(CloudWatchLogsClient);
const client = new CloudWatchLogsClient({ region: "eu-west-3" });
const GROUPS = { "web/web": `${base}/web/web` };
const event = (eventId: string, timestamp: number, message: string) => ({ eventId, timestamp, message });

beforeEach(() => void logs.reset());

const usage = (message: RegExp) => (error: unknown) =>
  error instanceof CommandError && error.exitCode === 2 && message.test(error.message);

describe("log groups", () => {
  test("are those of processes, releases, schedules, jobs and dumps", () => {
    assert.deepEqual(allLogGroups(settings), {
      "web/release": `${base}/web/task/release`,
      "web/web": `${base}/web/web`,
      "web/worker": `${base}/web/worker`,
      "schedule/nightly": `${base}/web/schedule/nightly`,
      "job/export": `${base}/web/job/export`,
      "dump/main": `${base}/dump--main`,
    });
  });

  test("are all processes where none is named, and an application's where it is", () => {
    const processes = ["web/web", "web/worker"];
    assert.deepEqual(Object.keys(logGroups(settings, undefined)), processes);
    assert.deepEqual(Object.keys(logGroups(settings, "web")), processes);
    assert.deepEqual(Object.keys(logGroups(settings, "web/release")), ["web/release"]);
  });

  test("that are none are refused, with what was probably meant", () => {
    assert.throws(
      () => logGroups(settings, "web/wrker"),
      usage(/no log of web\/wrker\. Did you mean web\/worker\? There are: dump\/main, /),
    );
    assert.throws(() => logGroups(settings, "__proto__"), usage(/no log of __proto__/));
  });
});

test("how far back is a number with a unit, and nothing else", () => {
  assert.equal(sinceOf("90m"), 5_400_000);
  assert.equal(sinceOf("2d"), 172_800_000);
  for (const wrong of ["", "0h", "1", "h", "-1h", "1.5h", "1w", "1h ", "9999999h"])
    assert.throws(
      () => sinceOf(wrong),
      usage(/^--since is ".*"; allowed: a number above 0 with s, m, h or d/),
    );
});

describe("reading logs", () => {
  test("reads every page, in order of time, and lets no message steer the terminal", async () => {
    const first = { logGroupName: GROUPS["web/web"], startTime: 500 };
    logs
      .on(FilterLogEventsCommand, first)
      .resolves({ events: [event("b", 2000, "second\n")], nextToken: "more" });
    logs
      .on(FilterLogEventsCommand, { ...first, nextToken: "more" })
      .resolves({ events: [event("a", 1000, "\x1b[2Jfirst\tx")] });
    const said: string[] = [];
    await past(client, GROUPS, 500, (line) => said.push(line));
    assert.deepEqual(said, [
      "1970-01-01T00:00:01.000Z web/web ·[2Jfirst\tx",
      "1970-01-01T00:00:02.000Z web/web second",
    ]);
  });

  test("follows without saying a line twice, until it is interrupted", async () => {
    const interrupted = new AbortController();
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ events: [event("a", 90_000, "one")] })
      .resolvesOnce({ events: [event("a", 90_000, "one"), event("late", 89_000, "zero")] })
      .callsFake(() => {
        interrupted.abort();
        return {
          events: [event("late", 89_000, "zero"), event("a", 90_000, "one"), event("b", 91_000, "two")],
        };
      });
    const said: string[] = [];
    const say = (line: string) => said.push(line.split(" ").at(-1) ?? "");
    await follow(client, GROUPS, await past(client, GROUPS, 500, say), say, interrupted.signal, 1);
    assert.deepEqual(said, ["one", "zero", "two"]);
    assert.equal(logs.commandCalls(FilterLogEventsCommand).at(-1)?.args[0].input.startTime, 60_000);
  });

  for (const [what, error, message] of [
    [
      "a group that is not there",
      new ResourceNotFoundException({ message: "", $metadata: {} }),
      /There is no log group .*\/web\/web/,
    ],
    [
      "a refusal",
      Object.assign(new Error("is not authorized to perform: logs:FilterLogEvents"), {
        name: "AccessDeniedException",
      }),
      /cannot be read: not allowed: logs:FilterLogEvents/,
    ],
  ] as const)
    test(`says ${what} in a sentence`, async () => {
      logs.on(FilterLogEventsCommand).rejects(error);
      await assert.rejects(
        past(client, GROUPS, 0, () => {}),
        (thrown) => thrown instanceof CommandError && message.test(thrown.message),
      );
    });
});
