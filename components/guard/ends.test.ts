import assert from "node:assert/strict";
import { test } from "node:test";
import { GuardedCloud } from "./cloud.test-helper";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const cloud = () =>
  new GuardedCloud(NOW, { "shop-prod-job-export": { labels: { "tandem.timeout": "3600" } } });

const failed = (id: string, more: object = {}) => ({
  source: "aws.ecs",
  detail: {
    taskArn: `arn:aws:ecs:eu-west-3:222222222222:task/shop-prod/${id}`,
    group: "family:shop-prod-job-export",
    stoppedReason: "Essential container in task exited",
    containers: [{ exitCode: 3 }],
    ...more,
  },
});

test("a bad end is one notice, in words, however often its event comes", async () => {
  const clouds = cloud();
  await Promise.all([clouds.guard(failed("a")), clouds.guard(failed("a")), clouds.guard(failed("b"))]);
  await clouds.guard(failed("a"));
  assert.equal(clouds.notices.length, 2);
  assert.equal(clouds.notices[0]?.subject, "shop-prod: job export did not end well");
  assert.match(
    clouds.notices[0]?.message ?? "",
    /Essential container in task exited \(exit code 3\)\. Task arn.*a\.$/,
  );
});

test("a task that never started has no exit code, and is told all the same", async () => {
  const clouds = cloud();
  const stoppedReason = "CannotPullContainerError: no such image";
  await clouds.guard(failed("a", { stoppedReason, containers: [{}] }));
  await clouds.guard(failed("b", { stoppedReason, containers: undefined }));
  for (const { message } of clouds.notices) assert.match(message, /CannotPullContainerError.*exit code none/);
});

test("a notice that could not be sent is sent by the next try, and then not again", async () => {
  const clouds = cloud();
  clouds.refusing.Publish = 1;
  await assert.rejects(clouds.guard(failed("a")), /Publish is out of order/);
  await clouds.guard(failed("a"));
  await clouds.guard(failed("a"));
  assert.equal(clouds.notices.length, 1);
});

const start = { do: "start", schedule: "ocr", due: "2026-11-22T07:00:00Z" };

test("a run that Scheduler and Lambda both gave up is one missed run, and no silence besides", async () => {
  const clouds = cloud();
  clouds.bury(start, "no capacity");
  clouds.bury(start, "no capacity");
  await clouds.guard({ do: "sweep" });
  assert.deepEqual(clouds.notices, [
    {
      subject: "shop-prod: schedule ocr missed a run",
      message: "Schedule ocr did not start at 2026-11-22T07:00:00Z: no capacity",
    },
  ]);
  assert.deepEqual(clouds.queue, []);
  assert.equal(clouds.metrics[0]?.name, "Handled");
});

test("letters without a due time stand each for themselves", async () => {
  const clouds = cloud();
  const due = "<aws.scheduler.scheduled-time>";
  clouds.bury({ ...start, due }, "gone");
  await clouds.guard({ do: "sweep" });
  clouds.now += 86_400_000;
  clouds.bury({ ...start, due }, "gone");
  await clouds.guard({ do: "sweep" });
  assert.equal(clouds.notices.length, 2);
});

test("a bad end whose event failed for good is told out of the queue", async () => {
  const clouds = cloud();
  clouds.bury(failed("a"), "Publish is out of order");
  await clouds.guard({ do: "sweep" });
  await clouds.guard(failed("a"));
  assert.equal(clouds.notices.length, 1);
});

test("trouble of the guard itself is one notice a day, and unreadable letters are no stumbling block", async () => {
  const clouds = cloud();
  for (const event of [{ do: "sweep" }, { do: "sweep" }, "no JSON {", null]) clouds.bury(event, "denied");
  await clouds.guard({ do: "sweep" });
  assert.deepEqual(
    clouds.notices.map(({ subject }) => subject),
    ["shop-prod: the guard fails to sweep", "shop-prod: the guard fails to something unknown"],
  );
});

test("time-outs are enforced while the queue cannot be read, and the other way round", async () => {
  const clouds = cloud();
  await clouds.door({ do: "job", job: "export", asked: "1" });
  clouds.now += 3_700_000;
  clouds.refusing.ReceiveMessage = 1;
  await assert.rejects(clouds.guard({ do: "sweep" }), /ReceiveMessage/);
  assert.equal(clouds.tasks[0]?.ended, true);
  clouds.refusing.ListTasks = 1;
  clouds.bury(start, "no capacity");
  await assert.rejects(clouds.guard({ do: "sweep" }), /ListTasks/);
  assert.equal(clouds.notices.length, 1);
});
