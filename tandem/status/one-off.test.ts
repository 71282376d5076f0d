import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { mockClient } from "aws-sdk-client-mock";
import { parse } from "../../config/parse";
import { raw } from "../../config/testing";
import { CommandError } from "../errors";
import { consoleWords, enter, enterable, serviceOf } from "./console";
import { formerRuns, type OneOff, oneOff } from "./one-off";
import { placeOf } from "./place";

const settings = parse(raw());
const { project } = settings;
const ecs = mockClient(ECSClient);
const logs = mockClient(CloudWatchLogsClient);
const clients = {
  ecs: new ECSClient({ region: "eu-west-3" }),
  logs: new CloudWatchLogsClient({ region: "eu-west-3" }),
};
const ARN = "arn:aws:ecs:eu-west-3:222222222222:task/c/abc123";
const networkConfiguration = { awsvpcConfiguration: { subnets: ["subnet-1"] } };

const stopped = (container: object, more: object = {}) => ({
  tasks: [{ taskArn: ARN, lastStatus: "STOPPED", containers: [{ name: "app", ...container }], ...more }],
});

beforeEach(() => {
  ecs.reset();
  logs.reset();
  ecs.on(DescribeServicesCommand).resolves({ services: [{ serviceName: "s", networkConfiguration }] });
  ecs.on(DescribeTaskDefinitionCommand).resolves({
    taskDefinition: { containerDefinitions: [{ name: "app", image: "web@sha256:1" }] },
  });
  ecs.on(RunTaskCommand).resolves({ tasks: [{ taskArn: ARN }] });
  ecs.on(DescribeTasksCommand).resolves(stopped({ exitCode: 0 }));
  logs.on(GetLogEventsCommand).resolves({ events: [], nextForwardToken: "end" });
});

const said: string[] = [];
function run(changes: Partial<OneOff> = {}): Promise<number> {
  said.length = 0;
  return oneOff(clients, {
    ...placeOf(settings, "web"),
    command: ["manage", "shell"],
    timeout: 60,
    say: (line) => said.push(line),
    interrupted: new AbortController().signal,
    wait: 1,
    ...changes,
  });
}

describe("a one-off command", () => {
  test("runs in the largest process's family and network, and its exit code is the container's", async () => {
    ecs
      .on(DescribeTasksCommand)
      .resolvesOnce({ tasks: [{ lastStatus: "RUNNING" }] })
      .resolves(stopped({ exitCode: 7 }));
    logs
      .on(GetLogEventsCommand)
      .rejectsOnce(new ResourceNotFoundException({ message: "", $metadata: {} }))
      .resolvesOnce({ events: [{ message: "hello\n" }], nextForwardToken: "end" })
      .resolves({ events: [], nextForwardToken: "end" });
    assert.equal(await run(), 7);
    const { clientToken, ...input } = ecs.commandCalls(RunTaskCommand)[0]?.args[0].input ?? {};
    assert.match(String(clientToken), /^[0-9a-f-]{36}$/);
    assert.deepEqual(input, {
      cluster: `${project}-prod`,
      taskDefinition: `${project}-prod-web_web`,
      launchType: "FARGATE",
      count: 1,
      networkConfiguration,
      overrides: { containerOverrides: [{ name: "app", command: ["manage", "shell"] }] },
      enableExecuteCommand: true,
      propagateTags: "TASK_DEFINITION",
      startedBy: "tandem-run",
    });
    assert.deepEqual(said, [`task abc123, its log: /${project}/prod/web/web, app/app/abc123`, "hello"]);
  });

  test("runs as the release command does where there is one", () => {
    const released = parse(raw({ shared: { applications: { web: { release: "manage migrate" } } } }));
    const { family, logGroup } = placeOf(released, "web");
    assert.equal(family, `${project}-prod-release-web`);
    assert.equal(logGroup, `/${project}/prod/web/task/release`);
  });

  test("runs in the revision that serves, not in one that an up could not bring to serve", async () => {
    const serving = "arn:aws:ecs:eu-west-3:222222222222:task-definition/web:4";
    ecs
      .on(DescribeServicesCommand)
      .resolves({ services: [{ serviceName: "s", networkConfiguration, taskDefinition: serving }] });
    await run();
    assert.equal(ecs.commandCalls(RunTaskCommand)[0]?.args[0].input.taskDefinition, serving);
  });

  test("says where it runs in another image than the one that serves", async () => {
    ecs
      .on(DescribeServicesCommand)
      .resolves({ services: [{ serviceName: "s", networkConfiguration, taskDefinition: "web:4" }] })
      .on(DescribeTaskDefinitionCommand, { taskDefinition: "web:4" })
      .resolves({ taskDefinition: { containerDefinitions: [{ name: "app", image: "web@sha256:0" }] } });
    await run({ family: "release-web" });
    assert.equal(ecs.commandCalls(RunTaskCommand)[0]?.args[0].input.taskDefinition, "release-web");
    assert.match(said[0] ?? "", /^It runs in web@sha256:1, and web@sha256:0 is what serves/);
  });

  test("that is interrupted is stopped, said so, and ends with 130", async () => {
    const interrupted = new AbortController();
    interrupted.abort();
    ecs
      .on(DescribeTasksCommand)
      .resolvesOnce({ tasks: [{ lastStatus: "PENDING" }] })
      .resolves(stopped({ exitCode: 137 }));
    assert.equal(await run({ interrupted: interrupted.signal }), 130);
    assert.deepEqual(
      ecs.commandCalls(StopTaskCommand).map(({ args }) => args[0].input),
      [{ cluster: `${project}-prod`, task: ARN, reason: "tandem run: interrupted" }],
    );
    assert.match(
      said.at(-1) ?? "",
      /^interrupted: the task is being stopped\. .*running it again starts anew/,
    );
  });

  test("that outlived a run that was killed is named by the next one, with what ends it", async () => {
    ecs
      .on(ListTasksCommand, { cluster: "c", startedBy: "tandem-run" })
      .resolves({ taskArns: [ARN] })
      .on(ListTasksCommand, { cluster: "quiet", startedBy: "tandem-run" })
      .resolves({});
    assert.deepEqual(await formerRuns(clients.ecs, "c"), [
      "A former run still goes on, task abc123. It ends by itself, or by: aws ecs stop-task --cluster c --task abc123",
    ]);
    assert.deepEqual(await formerRuns(clients.ecs, "quiet"), []);
  });

  test("that takes too long is stopped once", async () => {
    const running = { tasks: [{ lastStatus: "RUNNING" }] };
    ecs
      .on(DescribeTasksCommand)
      .resolvesOnce(running)
      .resolvesOnce(running)
      .resolves(stopped({ exitCode: 137 }));
    await assert.rejects(run({ timeout: -1 }), /The command was ended after -1 s/);
    assert.equal(ecs.commandCalls(StopTaskCommand).length, 1);
  });

  for (const [what, arrange, message] of [
    [
      "an environment that does not stand",
      () => ecs.on(DescribeServicesCommand).resolves({ services: [] }),
      /bring the environment up first/,
    ],
    [
      "an application without a release",
      () =>
        ecs.on(DescribeTaskDefinitionCommand).resolves({
          taskDefinition: { containerDefinitions: [{ name: "app", image: "web:not-released" }] },
        }),
      /no release yet/,
    ],
    [
      "what ECS does not start",
      () => ecs.on(RunTaskCommand).resolves({ failures: [{ reason: "no capacity" }] }),
      /ECS starts nothing: no capacity/,
    ],
    [
      "what never began",
      () => ecs.on(DescribeTasksCommand).resolves(stopped({}, { stoppedReason: "CannotPullContainerError" })),
      /did not run: CannotPullContainerError/,
    ],
  ] as const)
    test(`refuses ${what} in a sentence`, async () => {
      arrange();
      await assert.rejects(run(), (error) => error instanceof CommandError && message.test(error.message));
    });

  test("of a misspelt application, or of too many words, is refused before anything is asked", async () => {
    assert.throws(() => placeOf(settings, "wen"), /no application wen\. Did you mean web\?/);
    await assert.rejects(run({ command: ["x".repeat(8192)] }), /8192 characters/);
    assert.equal(ecs.calls().length, 0);
  });
});

describe("a console", () => {
  test("goes into the newest task whose agent is awake", async () => {
    const task = (taskArn: string, minute: number, agent: string) => ({
      taskArn,
      lastStatus: "RUNNING",
      startedAt: new Date(Date.UTC(2026, 1, 1, 0, minute)),
      containers: [{ managedAgents: [{ name: "ExecuteCommandAgent" as const, lastStatus: agent }] }],
    });
    const asked = { cluster: "c", serviceName: "s", desiredStatus: "RUNNING" as const };
    ecs.on(ListTasksCommand, asked).resolves({ taskArns: ["a"], nextToken: "more" });
    ecs.on(ListTasksCommand, { ...asked, nextToken: "more" }).resolves({ taskArns: ["b", "c"] });
    ecs.on(DescribeTasksCommand, { cluster: "c", tasks: ["a", "b", "c"] }).resolves({
      tasks: [task("a", 1, "RUNNING"), task("b", 2, "RUNNING"), task("c", 3, "PENDING")],
    });
    assert.equal(await enterable(clients.ecs, "c", "s"), "b");
  });

  test("is refused where nothing runs, or the process is not said right", async () => {
    ecs.on(ListTasksCommand).resolves({});
    await assert.rejects(enterable(clients.ecs, "c", "s"), /No task of s runs/);
    assert.throws(
      () => serviceOf(settings, "web", undefined),
      /several processes: name one\. There are: web, worker/,
    );
    assert.throws(() => serviceOf(settings, "web", "wrker"), /no process wrker\. Did you mean worker\?/);
  });

  test("is the AWS CLI's, whose exit code it ends with", async () => {
    const calls: string[] = [];
    const words = consoleWords(settings, "t", "/bin/sh");
    const code = await enter(words, async (program, said) => calls.push(`${program} ${said.join(" ")}`));
    assert.equal(code, 3);
    assert.equal(
      calls[2],
      `aws ecs execute-command --region eu-west-3 --cluster ${project}-prod --task t --container app --interactive --command /bin/sh`,
    );
  });

  for (const missing of ["aws", "session-manager-plugin"])
    test(`says that ${missing} is missing`, async () => {
      const inTerminal = async (program: string) => {
        if (program === missing) throw Object.assign(new Error("spawn"), { code: "ENOENT" });
        return 0;
      };
      await assert.rejects(enter([], inTerminal), new RegExp(`there is no ${missing} on the PATH`));
    });
});
