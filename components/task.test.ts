import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import { Task, type TaskArgs } from "./task";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const args: TaskArgs = {
  scope,
  role: "web_site",
  logPath: ["web", "site"],
  image: "registry/shop-prod-web@sha256:1",
  environment: { variables: {}, secrets: {} },
  cpu: 256,
  memory: 512,
  executionRoleArn: "arn:execution",
  taskRoleArn: "arn:task",
  logDays: 30,
};

async function declared(more: Partial<TaskArgs> = {}) {
  const recorded = await record(() => new Task("web_site", { ...args, ...more }));
  const definition = ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition").web_site ?? {};
  const [container] = JSON.parse(definition.containerDefinitions as string);
  return { recorded, definition, container };
}

test("a task is a log group with retention and a Fargate ARM64 definition with both roles", async () => {
  const { recorded, definition, container } = await declared();
  assert.deepEqual(recorded.map(({ type }) => type).sort(), [
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:ecs/taskDefinition:TaskDefinition",
  ]);
  const log = ofType(recorded, "aws:cloudwatch/logGroup:LogGroup")["web_site-log"];
  assert.equal(log?.name, "/shop/prod/web/site");
  assert.equal(log?.retentionInDays, 30);
  assert.equal(definition.family, "shop-prod-web_site");
  assert.deepEqual(definition.requiresCompatibilities, ["FARGATE"]);
  assert.equal(definition.networkMode, "awsvpc");
  assert.deepEqual(definition.runtimePlatform, { cpuArchitecture: "ARM64", operatingSystemFamily: "LINUX" });
  assert.equal(definition.executionRoleArn, "arn:execution");
  assert.equal(definition.taskRoleArn, "arn:task");
  assert.equal(container.logConfiguration.options["awslogs-group"], "/shop/prod/web/site");
  assert.equal(container.image, "registry/shop-prod-web@sha256:1");
});

test("values reach the container byte for byte", async () => {
  const hard = {
    SPACES: "  two  spaces \t and a tab ",
    PERCENT: "100%s %d %%",
    DOLLAR: `$HOME \${HOME} $$ $(id)`,
    HASH: "#not a comment",
    QUOTES: `"double" 'single' \`back\``,
    APOSTROPHE: "l'été",
    CEDILLA: "ça, garçon",
    CYRILLIC: "Привет, мир",
    BACKSLASH: "C:\\new\\table\\u0041",
    LINES: "one\r\ntwo\n",
    EMOJI: "🍕 \u2028 </script>",
    EMPTY: "",
  };
  const { container } = await declared({ environment: { variables: hard, secrets: {} } });
  const reached = Object.fromEntries(
    container.environment.map((e: { name: string; value: string }) => [e.name, e.value]),
  );
  assert.deepEqual(reached, hard);
});

test("the words of a command arrive exactly, and no command leaves the image's own", async () => {
  const command = ["sh", "-c", `echo "$A" 'b c' > /dev/null && printf '%s' "ç"`];
  assert.deepEqual((await declared({ command })).container.command, command);
  assert.equal("command" in (await declared()).container, false);
});

test("secrets are references only, and both lists are sorted by name", async () => {
  const { container } = await declared({
    environment: {
      variables: { ZONE: "z", ALPHA: pulumi.output("a"), B_2: "2", B_10: "10" },
      secrets: { SECRET_KEY: pulumi.output("arn:key:current::v1"), API: "arn:api:current::v2" },
    },
  });
  assert.deepEqual(container.environment, [
    { name: "ALPHA", value: "a" },
    { name: "B_10", value: "10" },
    { name: "B_2", value: "2" },
    { name: "ZONE", value: "z" },
  ]);
  assert.deepEqual(container.secrets, [
    { name: "API", valueFrom: "arn:api:current::v2" },
    { name: "SECRET_KEY", valueFrom: "arn:key:current::v1" },
  ]);
});

test("the order in which variables were written does not change the definition", async () => {
  const one = await declared({ environment: { variables: { A: "1", B: "2" }, secrets: {} } });
  const other = await declared({ environment: { variables: { B: "2", A: "1" }, secrets: {} } });
  assert.equal(one.definition.containerDefinitions, other.definition.containerDefinitions);
});

test("port, stop time-out and time-out are said where they are given, and nowhere else", async () => {
  const { container } = await declared({ port: 8000, stopTimeout: 90, timeout: 7200 });
  assert.deepEqual(container.portMappings, [{ containerPort: 8000, protocol: "tcp" }]);
  assert.equal(container.stopTimeout, 90);
  assert.deepEqual(container.dockerLabels, { "tandem.timeout": "7200" });
  const plain = (await declared()).container;
  assert.equal("portMappings" in plain, false);
  assert.equal("dockerLabels" in plain, false);
  assert.equal(plain.stopTimeout, 30);
});
