import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { before, describe, test } from "node:test";
import type { EnvironmentName } from "../../config/settings";
import type { Props } from "../../rehearsal/types";
import { InProcess, type Memory } from "../in-process";
import { openProject, type Project, settingsOf, stackFile } from "../project";
import { type RotationRequest, rotation } from "../rotation";
import { rowsOf, table, tooOld } from "../rotation-table";
import { writeConfig } from "../stack-file";
import { variant } from "../variant";
import { type Outcome, told } from "../way";
import { leaks } from "./leaks.test-helper";
import { containers, copied, lines, standing } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const project = variant(openProject("oc-pizza"), {});
const stood = standing(project);

/** A project that is rotated in memory, what was said, and what each `up` did. */
class Rehearsed {
  readonly said: string[] = [];
  readonly ups: { stack: EnvironmentName; outcome: Outcome }[] = [];
  constructor(
    public project: Project,
    readonly memory: Memory,
  ) {}

  static async open(of = project): Promise<Rehearsed> {
    return new Rehearsed(of, copied((await stood).memory));
  }

  wayFor = (of: Project) => {
    const way = new InProcess(of, this.memory);
    const { ups } = this;
    return Object.assign(Object.create(way) as InProcess, {
      async run(stack: EnvironmentName, ...rest: [Parameters<InProcess["run"]>[1]]) {
        const outcome = await way.run(stack, ...rest);
        if (rest[0] === "up") ups.push({ stack, outcome });
        return outcome;
      },
      outputs: (stack: EnvironmentName) => way.outputs(stack),
      now: () => way.now(),
    });
  };

  async rotate(name: string, more: Partial<RotationRequest> = {}): Promise<void> {
    this.project = await rotation({
      project: this.project,
      wayFor: this.wayFor,
      name,
      yes: true,
      askValue: async () => assert.fail("no value was to be asked for"),
      say: (text) => this.said.push(text),
      ...more,
    });
  }

  secretsOf = (stack: EnvironmentName) =>
    Object.fromEntries(
      ((containers(this.memory, `oc-pizza-${stack}-web_web`)[0]?.secrets as Props[] | undefined) ?? []).map(
        ({ name, valueFrom }) => [String(name), String(valueFrom)],
      ),
    );

  /** What ECS puts into a variable: the key of the very version that the reference names. */
  injected(stack: EnvironmentName, variable: string): string | undefined {
    const [, arn, key = "", version] =
      /^(arn:.+?:secret:[^:]+):([^:]+)::(.+)$/.exec(this.secretsOf(stack)[variable] ?? "") ?? [];
    const found = this.memory.cloud
      .objects("aws:secretsmanager/secretVersion:SecretVersion")
      .find(({ inputs, outputs }) => inputs.secretId === arn && outputs.versionId === version);
    return found && JSON.parse(String(found.inputs.secretString))[key];
  }

  variable(stack: EnvironmentName, name: string): unknown {
    const list = containers(this.memory, `oc-pizza-${stack}-web_web`)[0]?.environment as Props[];
    return list.find((each) => each.name === name)?.value;
  }

  /** Everything that a person or another program may read. */
  shown() {
    const outputs = Object.values(this.memory.stacks).map((state) => JSON.stringify(state?.outputs));
    const steps = this.ups.map(({ outcome }) => JSON.stringify({ ...outcome }));
    const files = (["sandbox", "prod"] as const).map((s) => JSON.stringify(stackFile(this.project, s)));
    return Object.entries({ outputs, steps, files, said: this.said }).map(([where, texts]) => ({
      where,
      text: texts.join("\n"),
    }));
  }
}

/** Django's rule: signed with the present key, valid under any of those that are accepted. */
const signed = (key: string, session = "user 7") =>
  createHmac("sha256", key).update(session).digest("base64url");
const valid = (signature: string, keys: readonly (string | undefined)[]) =>
  keys.some((key) => key !== undefined && signed(key) === signature);

/** What follows every new value: new task definitions, tasks replaced one after the other, a look at the result. */
const DEPLOYMENT = [
  "replace TaskDefinition web-release containerDefinitions",
  "replace TaskDefinition web-migrations containerDefinitions",
  "replace TaskDefinition web_web-task containerDefinitions",
  "replace TaskDefinition schedules-clear-sessions-task containerDefinitions",
  "update Service web_web taskDefinition",
  "replace Invocation verification triggers",
];

/** The steps of an `up` by its number; a replacement is one. */
const stepsOf = ({ ups }: Rehearsed, index: number) => {
  const up = ups[index];
  assert.ok(up, `there is an up number ${index}`);
  return lines({ ...up.outcome, steps: told(up.outcome.steps) });
};

describe("SECRET_KEY", () => {
  let r: Rehearsed;
  const keys = (stack: EnvironmentName) =>
    ["SECRET_KEY", "SECRET_KEY_FALLBACKS"].map((name) => r.injected(stack, name));
  before(async () => {
    r = await Rehearsed.open();
  });

  test("a session lives through the rotation until retirement, in the sandbox and then in production", async () => {
    const [old = ""] = keys("prod");
    const session = signed(old);
    r.memory.cloud.clock.advance({ hours: 1 });
    await assert.rejects(
      r.rotate("SECRET_KEY", { stack: "prod" }),
      /SECRET_KEY goes to generation 2 in the sandbox first, which has generation 1\.\n.*npx tandem rotate SECRET_KEY --stack sandbox/,
    );
    await r.rotate("SECRET_KEY");
    assert.deepEqual(
      r.ups.map(({ stack }) => stack),
      ["sandbox", "prod"],
    );
    const [current, previous] = keys("prod");
    assert.notEqual(current, old);
    assert.equal(previous, old);
    assert.ok(valid(session, keys("prod")));
    assert.ok(valid(signed(current ?? ""), keys("prod")));

    await assert.rejects(
      r.rotate("SECRET_KEY"),
      /still accepted\. Retire it first: npx tandem rotate SECRET_KEY --retire/,
    );
    await assert.rejects(
      r.rotate("SECRET_KEY", { retire: true }),
      /may live until 2026-12-06 \d\d:\d\d UTC\. From then on/,
    );
    r.memory.cloud.clock.advance({ days: 14 });
    await r.rotate("SECRET_KEY", { retire: true });
    assert.deepEqual(keys("prod"), [current, undefined]);
    assert.equal(valid(session, keys("prod")), false);
    assert.ok(valid(signed(current ?? ""), keys("prod")));
  });

  test("is a new value, a new version and a normal deployment, and nothing else", () => {
    assert.deepEqual(stepsOf(r, 1), [
      "create RandomPassword secrets-SECRET_KEY-2",
      "replace SecretVersion secrets-SECRET_KEY secretString",
      ...DEPLOYMENT,
    ]);
    assert.deepEqual(stepsOf(r, 3), [
      "replace SecretVersion secrets-SECRET_KEY secretString",
      ...DEPLOYMENT,
      "delete RandomPassword secrets-SECRET_KEY",
    ]);
  });

  test("shows no value anywhere", () => {
    const values = new Map(
      r.memory.cloud
        .objects("random:index/randomPassword:RandomPassword")
        .map(({ outputs }, index) => [`password ${index}`, String(outputs.result)]),
    );
    assert.deepEqual(leaks(r.shown(), values), []);
  });
});

test("a given key: the new value beside the former, which goes with its retirement", async () => {
  const r = await Rehearsed.open();
  const values = ["sandbox", "prod"].map((stack) => `sk_new_${stack}_"é\\\\1`);
  const given = [...values];
  const old = r.injected("prod", "STRIPE_SECRET_KEY");
  const asked: string[] = [];
  await r.rotate("STRIPE_SECRET_KEY", {
    askValue: async (question) => {
      asked.push(question);
      return given.shift() ?? "";
    },
  });
  assert.deepEqual(asked, [
    "New STRIPE_SECRET_KEY of sandbox (from the Stripe dashboard):",
    "New STRIPE_SECRET_KEY of prod (from the Stripe dashboard):",
  ]);
  assert.equal(r.injected("prod", "STRIPE_SECRET_KEY"), values[1]);
  assert.equal(r.injected("prod", "STRIPE_SECRET_KEY_FALLBACKS"), old);
  assert.deepEqual(stepsOf(r, 1), [
    "replace SecretVersion secrets-STRIPE_SECRET_KEY secretString",
    ...DEPLOYMENT,
  ]);
  r.memory.cloud.clock.advance({ days: 15 });
  await r.rotate("STRIPE_SECRET_KEY", { retire: true });
  assert.equal(r.injected("prod", "STRIPE_SECRET_KEY"), values[1]);
  assert.equal(r.injected("prod", "STRIPE_SECRET_KEY_FALLBACKS"), undefined);
  assert.equal(stackFile(r.project, "prod").config?.["oc-pizza:STRIPE_SECRET_KEY_PREVIOUS"], undefined);
  const sentinels = new Map([...values, old].map((value, index) => [`value ${index}`, String(value)]));
  assert.deepEqual(leaks(r.shown(), sentinels), []);
});

describe("a new value is refused, and nothing is changed", () => {
  const REFUSED = [
    ["that is empty", () => " ", /the new value is empty/],
    ["that ends with a line break", () => "sk_live_new\n", /ends with a line break/],
    ["that is the present one", (present: string) => present, /is the present one/],
  ] as const;
  for (const [what, value, message] of REFUSED)
    test(what, async () => {
      const r = await Rehearsed.open();
      const present = String(r.injected("sandbox", "STRIPE_SECRET_KEY"));
      const askValue = async () => value(present);
      await assert.rejects(r.rotate("STRIPE_SECRET_KEY", { askValue }), message);
      assert.equal(r.ups.length, 0);
      assert.deepEqual(stackFile(r.project, "sandbox"), stackFile(project, "sandbox"));
    });
});

test("a webhook that only workflows use keeps no former value", async () => {
  const r = await Rehearsed.open();
  await r.rotate("NOTICE_WEBHOOK", { stack: "sandbox", askValue: async () => "https://hooks.example/new" });
  assert.deepEqual(stackFile(r.project, "sandbox").config?.["oc-pizza:rotations"], {
    NOTICE_WEBHOOK: { generation: 2, retired: true },
  });
  assert.deepEqual(stepsOf(r, 0).sort(), [
    "replace SecretVersion secrets-NOTICE_WEBHOOK secretString",
    "update ActionsSecret delivery-webhook value",
  ]);
  await r.rotate("NOTICE_WEBHOOK", { stack: "sandbox", askValue: async () => "https://hooks.example/third" });
});

describe("a database's user", () => {
  let r: Rehearsed;
  before(async () => {
    r = await Rehearsed.open();
  });
  /** Who may enter, as the last call of the function and the instance say it. */
  const entries = () => {
    const at = (type: string) =>
      r.memory.cloud.objects(type).filter(({ account }) => account === "111111111111");
    const [instance] = at("aws:rds/instance:Instance");
    const asked = at("aws:lambda/invocation:Invocation")
      .map(({ inputs }) => JSON.parse(String(inputs.input)) as Props)
      .find(({ user }) => user === "oc_pizza_2");
    return { oc_pizza: instance?.inputs.password, oc_pizza_2: asked?.locked ? "locked" : asked?.password };
  };
  const enters = () => [r.variable("sandbox", "DB_USER"), r.injected("sandbox", "DB_PASSWORD")];

  test("alternates: the new one is valid beside the former, which is locked when it is retired", async () => {
    const [, first] = enters();
    await r.rotate("databases.main", { stack: "sandbox" });
    const [, second] = enters();
    assert.deepEqual(enters(), ["oc_pizza_2", second]);
    assert.notEqual(second, first);
    assert.deepEqual(entries(), { oc_pizza: first, oc_pizza_2: second });

    await assert.rejects(r.rotate("databases.main", { stack: "sandbox", retire: true }), /may live until/);
    r.memory.cloud.clock.advance({ hours: 1 });
    await r.rotate("databases.main", { stack: "sandbox", retire: true });
    assert.deepEqual(enters(), ["oc_pizza_2", second]);
    assert.equal(entries().oc_pizza_2, second);
    assert.notEqual(entries().oc_pizza, first, "what the former user had opens no longer");

    await r.rotate("databases.main", { stack: "sandbox" });
    const [, third] = enters();
    assert.deepEqual(enters(), ["oc_pizza", third]);
    assert.deepEqual(entries(), { oc_pizza: third, oc_pizza_2: second });
    r.memory.cloud.clock.advance({ hours: 1 });
    await r.rotate("databases.main", { stack: "sandbox", retire: true });
    assert.deepEqual(entries(), { oc_pizza: third, oc_pizza_2: "locked" });
  });

  test("brings its function with the first rotation; then each is a password, a call and a normal deployment", () => {
    const [release, migrations, web, ...others] = DEPLOYMENT;
    // What dumps the database and restores it signs in as the same user.
    const dumps = ["dump", "restore", "anonymise", "refresh", "dump-task", "drill-task"].map(
      (task) => `replace TaskDefinition dumps-main-${task} containerDefinitions`,
    );
    const reached = [
      "replace SecretVersion database-main-credentials secretString",
      release,
      migrations,
      "replace TaskDefinition web-demo containerDefinitions",
      web,
      ...dumps,
      ...others,
    ];
    assert.deepEqual(stepsOf(r, 0), [
      "create RandomPassword database-main-password-2",
      "create LogGroup database-main-users-log",
      "create Role database-main-users-role",
      "create RolePolicy database-main-users-role-policy",
      "create Function database-main-users",
      "create Invocation database-main-users",
      ...reached,
    ]);
    assert.deepEqual(stepsOf(r, 1), [
      "create RandomPassword database-main-password-2-withdrawn",
      "update Instance database-main-instance password",
      "replace Invocation database-main-users input",
      "delete RandomPassword database-main-password",
    ]);
    assert.deepEqual(stepsOf(r, 2), [
      "create RandomPassword database-main-password-3",
      "update Instance database-main-instance password",
      "replace Invocation database-main-users input",
      ...reached,
      "delete RandomPassword database-main-password-2-withdrawn",
    ]);
    assert.deepEqual(stepsOf(r, 3), [
      "replace Invocation database-main-users input",
      "delete RandomPassword database-main-password-2",
    ]);
  });

  test("shows no password anywhere", () => {
    const values = new Map(
      r.memory.cloud
        .objects("random:index/randomPassword:RandomPassword")
        .map(({ outputs }, index) => [`password ${index}`, String(outputs.result)]),
    );
    assert.deepEqual(leaks(r.shown(), values), []);
  });
});

test("a leaked key: nothing signed with it is accepted once the command has ended", async () => {
  const r = await Rehearsed.open();
  const old = r.injected("sandbox", "SECRET_KEY");
  await r.rotate("SECRET_KEY", { stack: "sandbox", leaked: true });
  assert.notEqual(r.injected("sandbox", "SECRET_KEY"), old);
  assert.equal(r.injected("sandbox", "SECRET_KEY_FALLBACKS"), undefined);
  assert.match(r.said.join("\n"), /at once: whatever was signed with it, such as sessions, ends with it/);
});

test("what an interrupt has left is finished, not done twice", async () => {
  const r = await Rehearsed.open();
  r.project = writeConfig(r.project, "sandbox", { rotations: { SECRET_KEY: 2 } });
  await r.rotate("SECRET_KEY", { stack: "sandbox" });
  assert.match(r.said.join("\n"), /says generation 2 of SECRET_KEY already: finishing that/);
  assert.deepEqual(stackFile(r.project, "sandbox").config?.["oc-pizza:rotations"], { SECRET_KEY: 2 });
  assert.equal(stepsOf(r, 0)[0], "create RandomPassword secrets-SECRET_KEY-2");
});

test("whoever says no has changed nothing", async () => {
  const r = await Rehearsed.open();
  await r.rotate("STRIPE_SECRET_KEY", {
    yes: false,
    ask: async () => false,
    askValue: async () => "sk_live_new",
  });
  assert.equal(r.ups.length, 0);
  assert.deepEqual(stackFile(r.project, "sandbox").config, stackFile(project, "sandbox").config);
  await assert.rejects(
    r.rotate("SECRET_KEY", { yes: false, ask: undefined }),
    /no terminal to ask in\. Add --yes/,
  );
});

test("a production whose sandbox was not looked at since is refused", async () => {
  const r = await Rehearsed.open();
  await r.rotate("SECRET_KEY", { stack: "sandbox" });
  const outputs = r.memory.stacks.sandbox?.outputs as { passport: { verification: { at: string } } };
  outputs.passport.verification.at = "2020-01-01T00:00:00.000Z";
  await assert.rejects(
    r.rotate("SECRET_KEY", { stack: "prod" }),
    /looked at last at 2020.*\n.*npx tandem verify/,
  );
});

test("what cannot be rotated is refused by name", async () => {
  const r = await Rehearsed.open();
  await assert.rejects(
    r.rotate("SECRT"),
    /There is no SECRT to rotate\. Did you mean SECRET_KEY\? There are: SECRET_KEY, .*databases\.main/,
  );
  await assert.rejects(r.rotate("SECRET_KEY", { retire: true }), /was never rotated: nothing to retire/);
});

describe("the list of secrets", () => {
  const rows = (r: Rehearsed) =>
    (["sandbox", "prod"] as const).flatMap((stack) =>
      rowsOf(settingsOf(r.project, stack), r.memory.stacks[stack]?.outputs, r.memory.cloud.clock.now),
    );

  test("says age, generation, limit and users of each, in both environments", async () => {
    const r = await Rehearsed.open();
    r.memory.cloud.clock.advance({ days: 3 });
    await r.rotate("SECRET_KEY", { stack: "sandbox" });
    const text = table(rows(r));
    assert.match(
      text,
      /^sandbox +SECRET_KEY +generated +2 +0 days +365 days +\d{4}-\d\d-\d\d \d\d:\d\d +web$/m,
    );
    assert.match(text, /^prod +SECRET_KEY +generated +1 +3 days +365 days +web$/m);
    assert.match(text, /^prod +NOTICE_WEBHOOK +given +1 +3 days +365 days +workflows$/m);
    assert.match(text, /^prod +databases\.main +database user +1 +3 days +365 days +web$/m);
    assert.deepEqual(tooOld(rows(r)), []);
    r.memory.cloud.clock.advance({ days: 362 });
    assert.ok(
      tooOld(rows(r)).includes(
        "SECRET_KEY of prod is 365 days old, its limit is 365 days: npx tandem rotate SECRET_KEY",
      ),
    );
    assert.ok(!tooOld(rows(r)).some((line) => line.startsWith("SECRET_KEY of sandbox")));
  });

  test("says of an environment that does not stand that it is not up yet", () => {
    assert.match(
      table(rowsOf(settingsOf(project, "prod"), undefined, "2026-01-01T00:00:00Z")),
      /SECRET_KEY +generated +1 +not up yet$/m,
    );
  });
});
