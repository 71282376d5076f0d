import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import type { Props } from "../../rehearsal/types";
import { leaks } from "../cases/leaks.test-helper";
import { comment, type Review } from "./comment";
import { type Planned, SECRET, type Seen } from "./planned";
import { fromPreview } from "./preview";
import { fingerprints, readReviewed } from "./reviewed";

const read = (file: string) => readFileSync(join(__dirname, file), "utf8");
const nothing = (stack: EnvironmentName): Planned => ({
  stack,
  steps: [],
  before: [],
  after: [],
  failures: [],
  warnings: [],
});
const written = (...plans: readonly Planned[]) => {
  const both = (["sandbox", "prod"] as const).map(
    (stack) => plans.find((plan) => plan.stack === stack) ?? nothing(stack),
  );
  return comment({ project: "shop", plans: both, parity: ["Parity holds."], remarks: [] });
};

/** One resource that is changed from some inputs to others. */
function changed(
  [type, name]: readonly [string, string],
  [old, next]: readonly [Props | undefined, Props | undefined],
  step: Partial<Step> = {},
): Planned {
  const urn = `urn:pulumi:prod::shop::tandem:database:Database$${type}::${name}`;
  const of = (inputs: Props | undefined): Seen[] => (inputs ? [{ urn, type, name, inputs }] : []);
  const changed = Object.keys({ ...old, ...next }).filter((key) => old?.[key] !== next?.[key]);
  const op = old === undefined ? "create" : next === undefined ? "delete" : "update";
  const steps = [{ op, urn, type, name, changed, ...step }] as const;
  return { ...nothing("prod"), steps, before: of(old), after: of(next) };
}

const DATABASE = ["aws:rds/instance:Instance", "database-main-instance"] as const;
const secondLine = (text: string) => text.split("\n")[1] ?? "";

describe("the first line", () => {
  test("says that the database is deleted, before everything else that happens", () => {
    const text = written(fromPreview("prod", read("deleted-database.preview.test-input.json")));
    assert.match(
      text,
      /^<!-- tandem:review shop -->\n\*\*Deletes the database main of production\*\*: no final/,
    );
    assert.match(
      text,
      /\n- \*\*Interrupts the database history of production\*\*: its size changes: no answers/,
    );
  });

  test("says what a refused preview would have deleted, and the reason follows", () => {
    const text = written(fromPreview("prod", read("protected-database.preview.test-input.json")));
    assert.match(
      secondLine(text),
      /^\*\*Would delete or replace the database main of production\*\*: refused/,
    );
    assert.match(text, /The preview of production fails.*\n\n<pre>main: \w/);
    assert.match(text, /\| changes \| nothing \| 1 to update, 1 to delete, then it fails \|/);
  });

  test("says what is lost where a final snapshot is taken, and where a database is replaced", () => {
    const kept = written(changed(DATABASE, [{ skipFinalSnapshot: false }, undefined]));
    assert.match(secondLine(kept), /data is left only in backups and in the final snapshot/);
    const replaced = changed(DATABASE, [{ a: 1 }, { a: 2 }], { op: "replace", replaces: ["a"] });
    assert.match(
      secondLine(written(replaced)),
      /^\*\*Replaces the database main.*an empty one takes its place/,
    );
  });

  test("calms where nothing is lost, and says where nothing changes", () => {
    assert.match(
      secondLine(written(changed(["aws:ecs/service:Service", "web"], [{ a: 1 }, { a: 2 }]))),
      /Nothing is lost/,
    );
    assert.equal(secondLine(written()), "**Nothing changes.**");
  });
});

describe("values", () => {
  test("show where they are numbers or known to be no secret, else the property's name only", () => {
    const text = written(
      changed(DATABASE, [
        { instanceClass: "db.t4g.micro", multiAz: false, username: "old-user" },
        { instanceClass: "db.t4g.small", multiAz: true, username: "new-user" },
      ]),
    );
    assert.match(
      text,
      /instanceClass<\/code> db\.t4g\.micro → db\.t4g\.small; <code>multiAz<\/code> false → true/,
    );
    assert.match(text, /<code>username<\/code> \|/);
    assert.doesNotMatch(text, /old-user|new-user/);
  });

  test("never show where one side is secret, whatever the property", () => {
    const text = written(
      changed(DATABASE, [
        { port: 918273645, instanceClass: "sentinel.one" },
        { port: SECRET, instanceClass: SECRET },
      ]),
    );
    assert.match(
      text,
      /<code>instanceClass<\/code> \(secret\); <code>port<\/code> \(secret\)|<code>port<\/code> \(secret\)/,
    );
    const sentinels = new Map([
      ["port", "918273645"],
      ["class", "sentinel.one"],
    ]);
    assert.deepEqual(leaks([{ where: "comment", text }], sentinels), []);
  });

  test("of a real preview in which a text becomes secret never show", () => {
    for (const form of ["json", "jsonl"]) {
      const text = written(fromPreview("prod", read(`deleted-database.preview.test-input.${form}`)));
      assert.match(text, /<code>displayName<\/code> \(secret\)/);
      assert.deepEqual(leaks([{ where: form, text }], new Map([["name", "sentinel-was-in-clear"]])), []);
    }
  });

  test("of containers are digests and names", () => {
    const of = (image: string, environment: object[], secrets: object[]) => ({
      containerDefinitions: JSON.stringify([{ name: "web", image, environment, secrets }]),
    });
    const text = written(
      changed(
        ["aws:ecs/taskDefinition:TaskDefinition", "web"],
        [
          of(`r/shop@sha256:${"a".repeat(64)}`, [{ name: "MODE", value: "sentinel-one" }], []),
          of(`r/shop@sha256:${"b".repeat(64)}`, [{ name: "MODE", value: "sentinel-two" }], [{ name: "KEY" }]),
        ],
      ),
    );
    assert.match(
      text,
      /image <code>sha256:a{12}<\/code> → <code>sha256:b{12}<\/code> variables <code>MODE<\/code> secrets \+ <code>KEY<\/code>/,
    );
    assert.doesNotMatch(text, /sentinel/);
  });

  test("of policies are actions, and what opens too much is said", () => {
    const of = (...Action: string[]) => ({
      policy: JSON.stringify({ Statement: [{ Effect: "Allow", Action }] }),
    });
    const text = written(changed(["aws:iam/rolePolicy:RolePolicy", "task"], [of("s3:GetObject"), of("*")]));
    assert.match(
      text,
      /### Security.*update: \*\*allows every action\*\*; <code>policy<\/code> \+ <code>&#42;<\/code> − <code>s3:GetObject<\/code>/s,
    );
    const rule = ["aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "in"] as const;
    assert.match(
      written(changed(rule, [undefined, { cidrIpv4: "0.0.0.0/0" }])),
      /\*\*open to the whole internet\*\*/,
    );
  });
});

test("what somebody else wrote is text and nothing else", () => {
  const evil = "@team <img src=x> `a` | b -->\n# head [x](http://e.example) $x$ #12";
  const plan = { ...nothing("prod"), failures: [{ message: evil }], warnings: [evil] };
  const step = changed(["aws:sns/topic:Topic", evil], [{ a: 1 }, undefined]);
  const text = comment({ project: "shop -->", plans: [step, plan], parity: [], remarks: [evil] });
  assert.doesNotMatch(text, /@team|<img|`a`|\[x\]|http:\/\/e|\$x\$|(?<!&)#12|\n# head/);
  assert.match(text, /^<!-- tandem:review shop---- -->\n/);
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  assert.ok(
    lines.every((line) => line.split("|").length === 5),
    "a table keeps its columns",
  );
});

test("both environments stand side by side, and one shows although the other fails", () => {
  const prod = changed(["aws:sns/topic:Topic", "told"], [{ a: 1 }, { a: 2 }]);
  const sandbox: Planned = { ...nothing("sandbox"), failures: [{ message: "the region is closed" }] };
  const text = written(prod, sandbox);
  assert.match(secondLine(text), /^\*\*The preview of sandbox fails\*\*/);
  assert.match(text, /<pre>the region is closed<\/pre>/);
  assert.match(text, /\| Topic told \| – \| update: <code>a<\/code> 1 → 2 \|/);
});

test("the hidden block holds what was reviewed, and nothing of a preview that failed", () => {
  const prod = changed(DATABASE, [{ a: 1 }, { a: 2 }]);
  assert.deepEqual(readReviewed(written(prod)), { sandbox: [], prod: fingerprints("prod", prod.steps) });
  const failed = { ...prod, failures: [{ message: "no" }] };
  assert.deepEqual(readReviewed(written(failed)), { sandbox: [], prod: [] });
});

describe("a change of very many resources", () => {
  const many = (stack: EnvironmentName, count: number, property: string): Planned => {
    const resources = Array.from({ length: count }, (_, index): Seen => {
      const component = ["monitoring:Monitoring", "secrets:Secrets", "edge:Zone"][index % 3];
      const type =
        ["aws:cloudwatch/metricAlarm:MetricAlarm", "aws:secretsmanager/secret:Secret", "aws:sns/topic:Topic"][
          index % 3
        ] ?? "";
      const name = `a-rather-long-name-of-a-resource-${index}`;
      const urn = `urn:pulumi:${stack}::shop::tandem:environment:Environment$tandem:${component}$${type}::${name}`;
      return { urn, type, name, inputs: { [property]: 1 } };
    });
    const steps = resources.map(({ urn, type, name }) => ({
      op: "update" as const,
      urn,
      type,
      name,
      changed: [property],
    }));
    const after = resources.map((seen) => ({ ...seen, inputs: { [property]: 2 } }));
    return { ...nothing(stack), steps, before: resources, after };
  };
  const whole = (text: string) => {
    assert.ok(text.length <= 65_536, `${text.length} characters`);
    assert.equal(text.match(/<details>/g)?.length, text.match(/<\/details>/g)?.length);
    for (const line of text.split("\n").filter((one) => one.startsWith("|")))
      assert.equal(line.split("|").length, 5);
  };

  test("fits into a comment: the largest components are counted instead of listed", () => {
    const text = written(many("sandbox", 1000, "threshold"), many("prod", 1000, "threshold"));
    whole(text);
    assert.match(text, /\| 33[34] changes in \w+ \| 33[34] to update \| 33[34] to update \|/);
    assert.equal(readReviewed(text).prod.length, 1000);
    assert.equal(text, written(many("sandbox", 1000, "threshold"), many("prod", 1000, "threshold")));
  });

  test("fits even where each of them deletes something, and where nothing is short", () => {
    const gone = many("prod", 3000, "x".repeat(300));
    const deleted = gone.steps.map((step) => ({ ...step, op: "delete" as const, type: DATABASE[0] }));
    const failures = Array.from({ length: 500 }, (_, index) => ({ message: `${index} ${"<".repeat(5000)}` }));
    const review: Review = {
      project: "shop",
      plans: [many("sandbox", 5000, "threshold"), { ...gone, steps: deleted, failures }],
      parity: ["Parity holds."],
      remarks: ["<".repeat(5000)],
    };
    const text = comment(review);
    whole(text);
    assert.match(secondLine(text), /^\*\*Deletes the database/);
    assert.match(text, /- and \d+ more of this kind/);
    assert.match(text, /too many steps to remember/);
  });
});
