import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { backups } from "../config/schema/backups";
import { Dumps, type DumpsArgs, dumpRunners, dumpSchedules } from "./dumps";
import { ofType, type Recorded, record } from "./recorder";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const database = {
  host: "main.example",
  port: 3306,
  schema: "Shop",
  firstSchema: "Shop",
  user: "app",
  passwordReference: "arn:credentials:password::v1",
  secretArn: "arn:credentials",
};
const args: DumpsArgs = {
  scope,
  settings: backups.parse({
    anonymise: { main: { person: { mail: "mail", born: null, town: { value: "x" } }, log: "drop" } },
  }),
  databases: { main: database },
  enabled: true,
  refreshable: false,
  guard: {
    functionArn: pulumi.output("arn:guard"),
    groupName: pulumi.output("shop-prod"),
    callerRoleArn: pulumi.output("arn:caller"),
    deadLetterArn: pulumi.output("arn:dead-letters"),
    namespace: "tandem/shop-prod",
  },
  bucket: "backups-1",
  bucketArn: "arn:aws:s3:::backups-1",
  topicArn: "arn:topic",
  logDays: 90,
};

const declared = (more: Partial<DumpsArgs> = {}) => record(() => new Dumps("dumps", { ...args, ...more }));
const tasks = (recorded: readonly Recorded[]) => ofType(recorded, "aws:ecs/taskDefinition:TaskDefinition");

interface Container {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command: readonly string[];
  readonly environment: readonly { name: string; value: string }[];
  readonly secrets: readonly { name: string; valueFrom: string }[];
  readonly dependsOn?: readonly { containerName: string; condition: string }[];
  readonly dockerLabels?: Readonly<Record<string, string>>;
}
const containers = (task: Record<string, unknown> | undefined) =>
  JSON.parse(task?.containerDefinitions as string) as readonly Container[];

test("a database has a dump and a drill by the clock, and dump, restore and anonymise by hand", async () => {
  const recorded = await declared();
  assert.deepEqual(
    Object.values(tasks(recorded))
      .map(({ family }) => family)
      .sort(),
    [
      "shop-prod-job-anonymise--main",
      "shop-prod-job-dump--main",
      "shop-prod-job-restore--main",
      "shop-prod-schedule-drill--main",
      "shop-prod-schedule-dump--main",
    ],
  );
  const clocks = ofType(recorded, "aws:scheduler/schedule:Schedule");
  const dump = clocks["dumps-main-dump-clock"];
  assert.deepEqual(
    [dump?.scheduleExpression, dump?.scheduleExpressionTimezone, dump?.state],
    ["cron(17 3 * * ? *)", "Europe/Paris", "ENABLED"],
  );
  assert.deepEqual(JSON.parse((dump as { target: { input: string } }).target.input), {
    do: "start",
    schedule: "dump--main",
    due: "<aws.scheduler.scheduled-time>",
  });
});

test("its containers run one after the other, and only the last one's end is the task's", async () => {
  const all = containers(tasks(await declared())["dumps-main-dump-task"]);
  assert.deepEqual(
    all.map(({ name, essential, dependsOn }) => [name, essential, dependsOn?.[0]?.containerName]),
    [
      ["former", false, undefined],
      ["dump", false, "former"],
      ["upload", true, "dump"],
    ],
  );
  assert.deepEqual(all[1]?.dependsOn, [{ containerName: "former", condition: "COMPLETE" }]);
  assert.deepEqual(all[0]?.dockerLabels, { "tandem.timeout": "14400" });
  assert.ok(JSON.stringify(all).length < 60_000, "ECS takes 64 KiB");
});

test("the password is a secret of the database's own programs, and in nobody's command", async () => {
  for (const task of Object.values(tasks(await declared())))
    for (const { name, image, secrets, command, environment } of containers(task)) {
      const client = image.startsWith("mysql:");
      assert.deepEqual(
        secrets,
        client ? [{ name: "DB_PASSWORD", valueFrom: "arn:credentials:password::v1" }] : [],
        name,
      );
      assert.equal(/--password|-p\$|MYSQL_PWD/.test(command.join()), false);
      assert.equal(
        environment.some((variable) => variable.name === "BUCKET"),
        !client,
      );
    }
});

test("images are named by their full version", async () => {
  for (const { image } of containers(tasks(await declared())["dumps-main-restore"]))
    assert.match(image, /^[a-z/-]+:\d+\.\d+\.\d+$/);
});

test("what is asked for is declared, so that the guard refuses the rest", async () => {
  const [first] = containers(tasks(await declared())["dumps-main-restore"]);
  assert.equal(
    first?.dockerLabels?.["tandem.inputs"],
    "BACKUP?,FROM_ENVIRONMENT?,INTO?,MAX_AGE?,THROW_AWAY?",
  );
});

test("the rules reach the script, a line for each action of a table", async () => {
  const [, client] = containers(tasks(await declared())["dumps-main-anonymise"]);
  assert.deepEqual(client?.environment.find(({ name }) => name === "RULES")?.value.split("\n"), [
    "person\tmail\tmail",
    "person\tnull\tborn",
    "person\tvalue\ttown=78",
    "log\tdrop",
  ]);
  const without = tasks(await declared({ settings: backups.parse({}) }));
  assert.equal("dumps-main-anonymise" in without, false);
});

test("as many rules as are allowed fit into a task definition", async () => {
  const columns = {
    identifier: "keep",
    given_name: "name",
    mail_address: "mail",
    telephone: "hash",
    note: "text",
  };
  const main = Object.fromEntries(
    Array.from({ length: 165 }, (_, index) => [`shop_table_${index}`, columns]),
  );
  const settings = backups.parse({ anonymise: { main } });
  const task = tasks(await declared({ settings }))["dumps-main-anonymise"];
  const rules = containers(task)[1]?.environment.find(({ name }) => name === "RULES")?.value ?? "";
  // See `ROOM` in config/rules/backups.ts.
  assert.ok(Buffer.byteLength(rules) > 18_000, `${Buffer.byteLength(rules)}`);
  const whole = Buffer.byteLength(String(task?.containerDefinitions));
  assert.ok(whole < 60_000, `${whole} bytes; ECS takes 64 KiB`);
});

test("only what may be replaced has a refresh", async () => {
  assert.equal("dumps-main-refresh" in tasks(await declared()), false);
  assert.ok("dumps-main-refresh" in tasks(await declared({ refreshable: true })));
});

test("nobody of them deletes, and who takes dumps reads none", async () => {
  const recorded = await declared();
  const policies = ofType(recorded, "aws:iam/rolePolicy:RolePolicy");
  for (const { policy } of Object.values(policies))
    assert.equal(/Delete|Bypass|"\*"/.test(policy as string), false);
  const writer = JSON.parse(policies["dumps-roles-writer-policy"]?.policy as string);
  assert.deepEqual(
    writer.Statement.map((statement: { Action: string[]; Resource: string }) => [
      statement.Action[0],
      statement.Resource,
    ]),
    [
      ["s3:ListBucket", "arn:aws:s3:::backups-1"],
      ["s3:GetObject", "arn:aws:s3:::backups-1/dumps/*/manifest.json"],
      ["s3:PutObject", "arn:aws:s3:::backups-1/dumps/*"],
    ],
  );
  const reader = policies["dumps-roles-reader-policy"]?.policy as string;
  assert.equal(
    JSON.parse(reader).Statement.at(-1).Resource.includes("arn:aws:s3:::backups-1/dumps/*"),
    false,
  );
});

test("the guard may hand on exactly the roles that are made", async () => {
  const made = Object.values(ofType(await declared(), "aws:iam/role:Role")).map(({ name }) => name);
  const runners = Object.values(dumpRunners(scope)).flatMap(({ roles }) => [
    roles.executionArn,
    roles.taskArn,
  ]);
  const arns = await new Promise<string[]>((resolve) => pulumi.all(runners).apply(resolve));
  assert.deepEqual([...new Set(arns)].map((arn) => arn.split("/")[1]).sort(), made.sort());
});

test("silence is told, of dumps and of drills", async () => {
  const alarms = ofType(await declared(), "aws:cloudwatch/metricAlarm:MetricAlarm");
  assert.deepEqual(
    Object.values(alarms).map(({ dimensions, alarmActions }) => [dimensions, alarmActions]),
    ["dump--main", "drill--main"].map((Schedule) => [{ Schedule }, ["arn:topic"]]),
  );
  assert.deepEqual(Object.keys(dumpSchedules(args.settings, ["main"])), ["dump--main", "drill--main"]);
});

test("an environment that is off dumps nothing by itself, and people may", async () => {
  const recorded = await declared({ enabled: false });
  for (const { state } of Object.values(ofType(recorded, "aws:scheduler/schedule:Schedule")))
    assert.equal(state, "DISABLED");
  assert.ok("dumps-main-dump" in tasks(recorded));
});
