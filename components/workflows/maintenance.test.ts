import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { maintenanceWorkflow } from "./maintenance";
import { NOTICES } from "./notices.test-helper";

const workflow = maintenanceWorkflow({
  environment: "prod",
  applications: ["web", "back-office"],
  notices: NOTICES,
});

const STAND_INS = {
  aws: `echo "$*" >> "$RUNNER_TEMP/asked"
while [ $# -gt 0 ]; do if [ "$1" = --body ]; then cp "$2" "$RUNNER_TEMP/put"; fi; shift; done
exit "$AWS_ENDS"`,
  // A closed site's headers, an open one's, or nothing.
  curl: `case "$SHOWN" in
  on) printf 'HTTP/2 503\\r\\nx-tandem-maintenance: web\\r\\n\\r\\n' ;;
  off) printf 'HTTP/2 200\\r\\n\\r\\n' ;;
  *) exit 7 ;;
esac`,
  sleep: "exit 0",
};

/** Presses the button: runs its scripts one after the other, as GitHub does, with stand-ins for `aws` and `curl`. */
function press(said: Readonly<Record<string, string>>, shown: string, awsEnds = 0) {
  const folder = mkdtempSync(join(tmpdir(), "maintenance-"));
  try {
    for (const [name, script] of Object.entries(STAND_INS)) {
      writeFileSync(join(folder, name), `#!/bin/bash\n${script}\n`);
      chmodSync(join(folder, name), 0o755);
    }
    const values: Readonly<Record<string, string>> = {
      minutes: "60",
      SWITCHES_BUCKET: "switches",
      SWITCHES_HOSTS: '{"web":"shop.example"}',
      ...said,
    };
    const steps = (workflow.jobs.switch?.steps ?? []).flatMap((step) => ("run" in step ? [step] : []));
    let status: number | null = 0;
    let output = "";
    for (const { run, env = {} } of steps) {
      if (status !== 0) break;
      const own = Object.entries(env).map(([name, text]) => [
        name,
        text.replace(/\$\{\{ (?:inputs|vars)\.(\w+) \}\}/, (_, key) => values[key] ?? ""),
      ]);
      const ended = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
        encoding: "utf8",
        env: {
          ...Object.fromEntries(own),
          PATH: `${folder}:${process.env.PATH}`,
          RUNNER_TEMP: folder,
          GITHUB_STEP_SUMMARY: join(folder, "summary"),
          GITHUB_ACTOR: "product-owner",
          SHOWN: shown,
          AWS_ENDS: String(awsEnds),
        },
      });
      status = ended.status;
      output += ended.stdout + ended.stderr;
    }
    const text = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : "";
    return { status, output, asked: text("asked"), put: text("put"), summary: text("summary") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const on = { application: "web", switch: "on" };
const off = { application: "web", switch: "off" };

test("the form offers the applications, on and off, and how long", () => {
  const { inputs } = workflow.on.workflow_dispatch as { inputs: Record<string, Record<string, unknown>> };
  assert.deepEqual(
    Object.entries(inputs).map(([name, { type, options, default: begins }]) => [
      name,
      type,
      options ?? begins,
    ]),
    [
      ["application", "choice", ["back-office", "web"]],
      ["switch", "choice", ["on", "off"]],
      ["minutes", "number", 60],
    ],
  );
});

test("nothing is checked out or installed, and the newest press counts", () => {
  const { steps, environment } = workflow.jobs.switch ?? assert.fail();
  assert.equal(environment, "prod-switches");
  assert.deepEqual(
    steps.flatMap((step) => ("uses" in step ? [step.uses] : [])),
    ["aws-actions/configure-aws-credentials"],
  );
  assert.equal(workflow.concurrency["cancel-in-progress"], true);
});

test("on writes one object, with its end and who pressed, and says what the public sees", () => {
  const before = Date.now();
  const { status, asked, put, summary } = press({ ...on, minutes: "90" }, "on");
  assert.equal(status, 0);
  assert.match(asked, /^s3api put-object --bucket switches --key maintenance\/web\.json --body \S+ .*\n$/);
  const { until, since, by } = JSON.parse(put);
  assert.deepEqual([Date.parse(until) - Date.parse(since), by], [90 * 60_000, "product-owner"]);
  assert.ok(Date.parse(since) >= before - 1000);
  assert.match(
    summary,
    /It ends by itself at \S+Z\.\nhttps:\/\/shop\.example\/ shows it: the maintenance is on\./,
  );
});

test("off deletes it", () => {
  const { status, asked, summary } = press(off, "off");
  assert.equal(status, 0);
  assert.equal(asked, "s3api delete-object --bucket switches --key maintenance/web.json\n");
  assert.match(summary, /switched off\.\n.*the maintenance is off\./);
});

test("behind a login the switch is turned, and the summary says that nobody looked", () => {
  const { status, summary } = press({ ...on, application: "back-office" }, "off");
  assert.equal(status, 0);
  assert.match(summary, /A login stands before it/);
});

test("what the public does not see in time is a failure that says why", () => {
  assert.match(press(on, "off").output, /::error::.*does not show the maintenance page after a minute/);
  assert.match(press(off, "on").output, /::error::.*the stack's configuration plans a maintenance/);
  assert.equal(press(off, "nothing").status, 1);
});

for (const minutes of ["0", "1441", "-5", "1.5", "", "60; rm -rf /", "9999999"])
  test(`"${minutes}" minutes are refused before any credential is there`, () => {
    const { status, asked, output } = press({ ...on, minutes }, "on");
    assert.deepEqual([status, asked], [1, ""]);
    assert.match(output, /from 1 to 1440\. Nothing was switched\./);
  });

test("a refusal of AWS is red, and the summary claims nothing", () => {
  const { status, summary } = press(on, "on", 254);
  assert.deepEqual([status, summary], [254, ""]);
});
