import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import type { EnvironmentName } from "../../config/settings";
import type { Props } from "../../rehearsal/types";
import { InProcess, type Memory } from "../in-process";
import { openProject } from "../project";
import { type Changes, type StackChanges, variant } from "../variant";
import { containers, copied, lines, objectsOf, refuseFailed, standing, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const project = openProject("oc-pizza");
const ACCOUNTS = { sandbox: "111111111111", prod: "222222222222" } as const;
const ENVIRONMENTS = Object.entries(ACCOUNTS) as [EnvironmentName, string][];

/** Characters that shells, URLs, JSON, YAML and Python read as their own. */
const AWKWARD = {
  spaces: " leading, inner and trailing ",
  percent: "100% of %s %20 %%",
  dollar: `$HOME \${SHELL} $(id) $$`,
  hash: "# no comment #{x}",
  quotes: "\"double\" `back` 'single'",
  apostrophe: "l'aperçu de l’été",
  cyrillic: "Пицца №4 — острая",
  backslash: "C:\\new\\table \\u00e7",
  lines: "first\nsecond\tthird\r\n",
  json: '{"a": ["b", null]}',
} as const;

const family = (environment: EnvironmentName) => `oc-pizza-${environment}-web_web`;

function variables(memory: Memory, environment: EnvironmentName): Record<string, unknown> {
  const list = containers(memory, family(environment))[0]?.environment as Props[];
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** What ECS puts into a variable: the key of the very version that the reference names. */
function injected(memory: Memory, environment: EnvironmentName, variable: string): string {
  const list = containers(memory, family(environment))[0]?.secrets as Props[];
  const reference = String(list.find(({ name }) => name === variable)?.valueFrom);
  const [, arn, key = "", version] = /^(arn:.+?:secret:[^:]+):([^:]+)::(.+)$/.exec(reference) ?? [];
  const found = memory.cloud
    .objects("aws:secretsmanager/secretVersion:SecretVersion")
    .find(({ inputs, outputs }) => inputs.secretId === arn && outputs.versionId === version);
  return JSON.parse(String(found?.inputs.secretString))[key];
}

/** In a few characters: a difference is told, not shown. */
const digestOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

const everything = ({ cloud, stacks }: Memory) =>
  digestOf([cloud.state, stacks.sandbox?.outputs ?? {}, stacks.prod?.outputs ?? {}]);

/** The same changes to both stacks' files. */
const both = (changes: StackChanges) => ({ sandbox: changes, prod: changes });

/** Both environments as the example declares them; each test takes a copy. */
const stood = standing(project);
const memoryOf = async () => copied((await stood).memory);

describe("values", () => {
  const names = Object.keys(AWKWARD).map((what) => what.toUpperCase());
  const awkward = new InProcess(
    variant(project, {
      shared: {
        secrets: Object.fromEntries(names.map((name) => [`GIVEN_${name}`, "given"])),
        applications: {
          web: {
            variables: Object.fromEntries(
              Object.values(AWKWARD).map((value, index) => [`PLAIN_${names[index]}`, value]),
            ),
            secrets: names.map((name) => `GIVEN_${name}`),
          },
        },
      },
      ...both({
        secrets: Object.fromEntries(
          Object.values(AWKWARD).map((value, index) => [`GIVEN_${names[index]}`, value]),
        ),
      }),
    }),
  );
  const up = awkward.run("sandbox", "up").then(refuseFailed);

  for (const [what, value] of Object.entries(AWKWARD))
    test(`a given secret and a variable with ${what} reach the process byte for byte`, async () => {
      await up;
      const name = what.toUpperCase();
      assert.equal(injected(awkward.memory, "sandbox", `GIVEN_${name}`), value);
      assert.equal(variables(awkward.memory, "sandbox")[`PLAIN_${name}`], value);
    });

  test("each environment has its own ENV, its own generated key, and its own database's address and user", async () => {
    const memory = await memoryOf();
    const keys = ENVIRONMENTS.map(([environment]) => injected(memory, environment, "SECRET_KEY"));
    assert.notEqual(keys[0], keys[1]);
    for (const key of keys) assert.match(key, /^[A-Za-z0-9]{50}$/);
    for (const [environment, account] of ENVIRONMENTS) {
      const [database] = objectsOf(memory, "aws:rds/instance:Instance", account);
      const { ENV, DB_HOST, DB_PORT, DB_NAME, DB_USER } = variables(memory, environment);
      assert.deepEqual(
        { ENV, DB_HOST, DB_PORT, DB_NAME, DB_USER },
        {
          ENV: environment === "prod" ? "PRODUCTION" : "SANDBOX",
          DB_HOST: database?.outputs.address,
          DB_PORT: "3306",
          DB_NAME: "OC_Pizza",
          DB_USER: "oc_pizza",
        },
      );
      assert.equal(injected(memory, environment, "DB_PASSWORD"), database?.inputs.password);
      assert.deepEqual([database?.inputs.port, database?.inputs.username], [3306, "oc_pizza"]);
      assert.equal(database?.inputs.dbName, "OC_Pizza");
    }
  });
});

describe("start and stop", () => {
  const scaled = variant(project, {
    shared: {
      applications: {
        web: {
          processes: {
            burst: { command: "celery worker", autoscale: { min: 2, max: 6 } },
            worker: { command: "celery beat", exactlyOne: true },
          },
        },
      },
    },
  });
  const stopped = variant(scaled, { prod: { differences: { enabled: false } } });
  const DATA =
    /:(Instance|Bucket|BucketObjectv2|Secret|SecretVersion|Vault|RandomPassword|LogGroup|Repository)$/;

  const running = (memory: Memory) =>
    Object.fromEntries(
      objectsOf(memory, "aws:ecs/service:Service", ACCOUNTS.prod).map(({ outputs, contents = {} }) => [
        outputs.name,
        (contents.tasks as unknown[]).length,
      ]),
    );
  /** Of the team's schedule; the guard's own rounds go on. */
  const schedule = (memory: Memory) =>
    objectsOf(memory, "aws:scheduler/schedule:Schedule", ACCOUNTS.prod).find(
      ({ inputs }) => inputs.name === "oc-pizza-prod-clear-sessions",
    )?.inputs.state;
  const bounds = (memory: Memory) =>
    objectsOf(memory, "aws:appautoscaling/target:Target", ACCOUNTS.prod).map(({ inputs }) => [
      inputs.minCapacity,
      inputs.maxCapacity,
    ]);

  test("enabled: false stops services, scaling and schedules and keeps the data; enabling gives the former counts back, twice", async () => {
    const { memory } = await standing(scaled);
    const before = { running: running(memory), schedule: schedule(memory), bounds: bounds(memory) };
    assert.deepEqual(before.running, {
      "oc-pizza-prod-web_web": 2,
      "oc-pizza-prod-web_burst": 2,
      "oc-pizza-prod-web_worker": 1,
    });
    assert.deepEqual(before.bounds, [[2, 6]]);
    for (const round of [1, 2]) {
      const off = await new InProcess(stopped, memory).run("prod", "up");
      refuseFailed(off);
      assert.deepEqual(Object.values(running(memory)), [0, 0, 0], `round ${round}`);
      assert.deepEqual(bounds(memory), [[0, 0]]);
      assert.equal(schedule(memory), "DISABLED");
      const touched = off.steps.filter(({ op, type }) => op !== "same" && op !== "read" && DATA.test(type));
      assert.deepEqual(touched, []);
      refuseFailed(await new InProcess(scaled, memory).run("prod", "up"));
      const after = { running: running(memory), schedule: schedule(memory), bounds: bounds(memory) };
      assert.deepEqual(after, before);
    }
  });

  test("an application that is off stops alone", async () => {
    const memory = await memoryOf();
    const off = variant(project, { prod: { differences: { applications: { web: { enabled: false } } } } });
    refuseFailed(await new InProcess(off, memory).run("prod", "up"));
    assert.deepEqual(running(memory), { "oc-pizza-prod-web_web": 0 });
    assert.equal(schedule(memory), "DISABLED");
  });
});

describe("refusals", () => {
  const REFUSED: readonly (readonly [string, EnvironmentName, Changes, RegExp])[] = [
    [
      "a missing GOOGLE_MAP_API_KEY",
      "prod",
      { prod: { secrets: { GOOGLE_MAP_API_KEY: null } } },
      /Pulumi\.prod\.yaml {2}oc-pizza:GOOGLE_MAP_API_KEY\n.*mandatory and missing\n.*config set --secret GOOGLE_MAP_API_KEY --stack prod \(from the Google Cloud console\)/,
    ],
    [
      "a missing SECRET_KEY, where it is to be given",
      "sandbox",
      { shared: { secrets: { SECRET_KEY: "given" } } },
      /oc-pizza:SECRET_KEY\n.*mandatory and missing/,
    ],
    [
      "MySQL 8.0.25, which nobody supports any more",
      "sandbox",
      { shared: { databases: { main: { version: "8.0.25" } } } },
      /databases\.main\.version\n.*"8\.0\.25"\n.*standard support: .*8\.4/,
    ],
    [
      "demo data in production",
      "prod",
      { prod: { differences: { applications: { web: { demoData: "manage loaddata demo" } } } } },
      /applications\.web\.demoData\n.*demo data in production/,
    ],
    [
      "the superuser as the application's user",
      "prod",
      { shared: { databases: { main: { user: "root" } } } },
      /databases\.main\.user\n.*"root"\n.*never root/,
    ],
    [
      "PostgreSQL's port",
      "prod",
      { shared: { databases: { main: { port: 5432 } } } },
      /databases\.main\.port\n.*5432\n.*3306/,
    ],
  ];
  for (const [what, stack, changes, message] of REFUSED)
    test(`${what} is refused by name, and nothing is touched`, async () => {
      const memory = await memoryOf();
      const before = everything(memory);
      const { failures } = await new InProcess(variant(project, changes), memory).run(stack, "up");
      assert.match(failures.map((failure) => failure.message).join("\n"), message);
      assert.match(failures[0]?.message ?? "", /nothing was touched/);
      assert.equal(everything(memory), before);
    });

  test("production refuses without the sandbox's passport, and nothing is touched", async () => {
    const way = new InProcess(project);
    const before = everything(way.memory);
    const { failures } = await way.run("prod", "up");
    assert.match(failures.map((failure) => failure.message).join("\n"), /sandbox/);
    assert.equal(everything(way.memory), before);
  });

  test("production refuses a release of its own", async () => {
    const own = variant(project, { prod: { release: { web: `sha256:${"9".repeat(64)}` } } });
    const { failures } = await new InProcess(own, await memoryOf()).run("prod", "up");
    assert.match(failures[0]?.message ?? "", /oc-pizza:release\n.*the sandbox's passport/);
  });
});

describe("a release", () => {
  const digest = `sha256:${"9".repeat(64)}`;
  const next = variant(project, { sandbox: { release: { web: digest } } });
  const production = ({ stacks, cloud }: Memory) =>
    digestOf([stacks.prod, cloud.objects().filter((o) => o.account === ACCOUNTS.prod)]);
  const image = (memory: Memory, environment: EnvironmentName) =>
    String(containers(memory, family(environment))[0]?.image);

  test("in the sandbox leaves production as it was; promoted, it touches its backup, its commands, task definitions and their service only", async () => {
    const way = under(next, await memoryOf());
    const before = production(way.memory);
    refuseFailed(await way.run("sandbox", "up"));
    assert.ok(image(way.memory, "sandbox").endsWith(`@${digest}`));
    assert.equal(production(way.memory), before);

    const promotion = await way.run("prod", "up");
    refuseFailed(promotion);
    const replaced = [
      ["RandomId web-release-key", "keepers"],
      ["Snapshot web-release-main", "dbSnapshotIdentifier"],
      ["Invocation web-release-run", "input"],
      ["Invocation verification", "triggers"],
      ["TaskDefinition web-release", "containerDefinitions"],
      ["TaskDefinition web-migrations", "containerDefinitions"],
      ["TaskDefinition web_web-task", "containerDefinitions"],
      ["TaskDefinition schedules-clear-sessions-task", "containerDefinitions"],
    ] as const;
    assert.deepEqual(
      lines(promotion).sort(),
      [
        ...replaced.flatMap(([what, why]) => [`create-replacement ${what} ${why}`, `replace ${what} ${why}`]),
        // Production's former backups stay.
        ...replaced.map(([what]) => `${what.startsWith("Snapshot") ? "retain" : "delete-replaced"} ${what}`),
        "update Service web_web taskDefinition",
      ].sort(),
    );
    assert.ok(image(way.memory, "prod").endsWith(`@${digest}`));
    assert.deepEqual(lines(await way.run("prod", "preview")), []);
  });
});
