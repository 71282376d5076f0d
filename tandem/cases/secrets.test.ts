import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ENVIRONMENTS } from "../../config/settings";
import { Cloud } from "../../rehearsal/cloud";
import { run } from "../../rehearsal/engine";
import { worldFor } from "../../rehearsal/world";
import { DIFFERENCES } from "../../stacks/differences";
import { captured } from "../captured.test-helper";
import { map } from "../commands/map";
import { parity } from "../commands/parity";
import { machine, words } from "../commands/plan";
import { InProcess, type Memory } from "../in-process";
import { inventory } from "../inventory";
import { openMemory } from "../memory";
import { neutral } from "../neutral";
import { compare } from "../parity";
import { openProject, type Project, settingsOf, stackConfiguration } from "../project";
import { standing } from "../standing";
import { variant } from "../variant";
import type { Outcome } from "../way";
import { leaks, type Sentinels, type Shown } from "./leaks.test-helper";
import { copied, refuseFailed } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const folder = mkdtempSync(join(tmpdir(), "tandem-secrets-"));
after(() => rmSync(folder, { recursive: true, force: true }));

const GIVEN = ["GOOGLE_MAP_API_KEY", "STRIPE_SECRET_KEY", "NOTICE_WEBHOOK"];
const sentinel = (stack: string, name: string) => `planted-${stack}-${name}: "Пицца" & l'été $1 100%/+?`;
const planted = (stack: string) => Object.fromEntries(GIVEN.map((name) => [name, sentinel(stack, name)]));

const project = variant(openProject("oc-pizza"), {
  // A whole URL as a variable: the password must not leave by this way either.
  shared: { applications: { web: { databases: { main: { url: "DATABASE_URL" } } } } },
  sandbox: { secrets: planted("sandbox") },
  prod: { secrets: planted("prod") },
});

/** Both environments, standing and written to files, and what each run said. */
const rehearsed = (async () => {
  const { memory, save } = openMemory(project, folder);
  const way = new InProcess(project, memory, save);
  const ups: Outcome[] = [];
  const plans: Outcome[] = [];
  for (const stack of ENVIRONMENTS) ups.push(await way.run(stack, "up"));
  for (const stack of ENVIRONMENTS) plans.push(await way.run(stack, "preview"));
  for (const outcome of [...ups, ...plans]) refuseFailed(outcome);
  return { memory, ups, plans };
})();

/** What was given and what was generated. */
function sentinelsOf({ stacks }: Memory, of: Project): Sentinels {
  const found = new Map<string, string>();
  for (const stack of ENVIRONMENTS) {
    const { values, secretKeys } = stackConfiguration(of, stack);
    for (const key of secretKeys) found.set(`${stack} ${key}`, values[key] ?? "");
    for (const { type, urn, outputs } of stacks[stack]?.resources ?? [])
      if (type === "random:index/randomPassword:RandomPassword")
        found.set(`${stack} ${urn.split("::").at(-1)}`, String(outputs.result));
  }
  return found;
}

const text = (where: string, value: unknown): Shown => ({
  where,
  text: typeof value === "string" ? value : JSON.stringify(value),
});

describe("the searcher", () => {
  const secret = new Map([["KEY", 'a "secret" of Пицца, 100%']]);
  const value = secret.get("KEY") ?? "";
  for (const [how, leak] of [
    ["in clear", `before ${value} after`],
    ["in JSON", JSON.stringify({ value })],
    ["in JSON in JSON", JSON.stringify({ body: JSON.stringify({ value }) })],
    ["in a URL", `https://example.org/?key=${encodeURIComponent(value)}`],
    ["in a form", new URLSearchParams({ key: value }).toString()],
    ["in base64", Buffer.from(value).toString("base64")],
    ["in base64 behind a user", Buffer.from(`user:${value}`).toString("base64")],
    ["in base64 in the middle of more", Buffer.from(`x:y:${value}, and more`).toString("base64url")],
    ["in hexadecimal", Buffer.from(value).toString("hex")],
  ] as const)
    test(`finds a secret ${how}, names it, and does not repeat it`, () => {
      const found = leaks([{ where: "here", text: leak }], secret);
      assert.match(found.join("\n"), /^here: KEY /);
      assert.ok(!found.join("\n").includes(value));
    });

  test("finds nothing where there is nothing", () => {
    assert.deepEqual(leaks([{ where: "here", text: "a secret of nobody" }], secret), []);
  });

  test("finds what is planted among real outputs", async () => {
    const { memory } = await rehearsed;
    const secrets = sentinelsOf(memory, project);
    const [name = "", planted = ""] = [...secrets][0] ?? [];
    const outputs = {
      ...memory.stacks.prod?.outputs,
      urls: { leak: Buffer.from(planted).toString("base64") },
    };
    assert.deepEqual(leaks([text("outputs", outputs)], secrets), [`outputs: ${name} in base64, 0 bytes in`]);
  });
});

describe("no secret is shown or written in clear", () => {
  test("six are planted, and the generated ones are known", async () => {
    const { memory } = await rehearsed;
    const names = [...sentinelsOf(memory, project).keys()];
    assert.ok(names.length >= 12, names.join(", "));
    for (const [, value] of sentinelsOf(memory, project)) assert.ok(value.length >= 20);
  });

  test("in state files, whose secrets nevertheless come back", async () => {
    const { memory } = await rehearsed;
    const files = readdirSync(folder).map((name) => text(name, readFileSync(join(folder, name), "utf8")));
    assert.ok(files.length >= 3);
    assert.deepEqual(leaks(files, sentinelsOf(memory, project)), []);
    const again = openMemory(project, folder).memory;
    assert.deepEqual(sentinelsOf(again, project), sentinelsOf(memory, project));
  });

  test("in outputs, steps, plans, parity, inventory, pictures, workflows", async () => {
    const { memory, ups, plans } = await rehearsed;
    const both = Object.fromEntries(ENVIRONMENTS.map((stack, index) => [stack, ups[index] as Outcome]));
    const planned = ENVIRONMENTS.map((stack, index) => ({ stack, outcome: plans[index] as Outcome }));
    const resources = ENVIRONMENTS.map((stack) => memory.stacks[stack]?.resources ?? []);
    const neutrals = ENVIRONMENTS.map((stack) =>
      neutral(memory.stacks[stack] as NonNullable<Memory["stacks"]["prod"]>, settingsOf(project, stack)),
    );
    const files = resources
      .flat()
      .filter(({ type }) => type === "github:index/repositoryFile:RepositoryFile");
    assert.ok(files.length >= 2);
    const shown = [
      ...ENVIRONMENTS.map((stack) => text(`${stack}'s outputs`, memory.stacks[stack]?.outputs)),
      ...ups.map((outcome, index) => text(`steps ${index}`, outcome)),
      text("plan --json", machine("test", planned)),
      ...planned.map((plan) => text("plan", words(plan))),
      text("rehearse", standing(both as Parameters<typeof standing>[0])),
      text("parity --json", compare(neutrals[0] ?? [], neutrals[1] ?? [], DIFFERENCES)),
      ...neutrals.map((one, index) => text(`inventory ${index}`, inventory(one))),
      ...files.map(({ inputs }) => text(String(inputs.file), inputs.content)),
    ];
    assert.deepEqual(leaks(shown, sentinelsOf(memory, project)), []);
  });

  test("in what the commands print of the example", async () => {
    const example = openProject("oc-pizza");
    const way = new InProcess(example);
    for (const stack of ENVIRONMENTS) refuseFailed(await way.run(stack, "up"));
    const shown = [
      text("parity", await captured(() => parity({ example: "oc-pizza" }))),
      text("map", await captured(() => map({ stack: "prod", example: "oc-pizza" }))),
    ];
    for (const one of shown) assert.ok(one.text.length > 100, one.where);
    assert.deepEqual(leaks(shown, sentinelsOf(way.memory, example)), []);
  });

  test("in memory: what holds one is marked secret, in both stacks", async () => {
    const { memory } = await rehearsed;
    const shown = ENVIRONMENTS.flatMap((stack) =>
      (memory.stacks[stack]?.resources ?? []).flatMap((r) => [
        ...Object.entries(r.inputs).map(([key, value]) => ({ r, key, value, side: "inputs" as const })),
        ...Object.entries(r.outputs).map(([key, value]) => ({ r, key, value, side: "outputs" as const })),
      ]),
    )
      .filter(({ r, key, side }) => !(side === "inputs" ? r.secretInputs : r.secretOutputs).includes(key))
      .map(({ r, key, value, side }) => text(`${r.urn} ${side} ${key}`, value ?? null));
    assert.deepEqual(leaks(shown, sentinelsOf(memory, project)), []);
  });
});

describe("a refusal does not repeat a secret", () => {
  const long = "planted and far too long, ".repeat(3000);
  const REFUSED: readonly (readonly [string, Project, string, RegExp])[] = [
    [
      "that a cloud finds too long",
      variant(openProject("oc-pizza"), { prod: { secrets: { NOTICE_WEBHOOK: long } } }),
      long.trim(),
      /takes at most \d+ characters; it is \d+ characters long/,
    ],
    [
      "that stands in clear in a stack's file",
      inClear("planted in clear"),
      "planted in clear",
      /oc-pizza:STRIPE_SECRET_KEY/,
    ],
    [
      "that stands among the variables",
      variant(openProject("oc-pizza"), {
        prod: { differences: { applications: { web: { variables: { API_TOKEN: "planted variable" } } } } },
      }),
      "planted variable",
      /applications\.web\.variables\.API_TOKEN/,
    ],
  ];
  for (const [what, refused, secret, message] of REFUSED)
    test(what, async () => {
      const { memory } = await rehearsed;
      const { failures, steps } = await new InProcess(refused, copied(memory)).run("prod", "up");
      assert.match(failures.map((failure) => failure.message).join("\n"), message);
      const sentinels = new Map([["it", secret.slice(0, 1000)]]);
      assert.deepEqual(leaks([text("failures", failures), text("steps", steps)], sentinels), []);
    });

  test("whatever a program logs or throws", async () => {
    const secret = "planted in a program: Пицца";
    const { failures, diagnostics } = await run({
      project: "p",
      stack: "sandbox",
      config: { "p:KEY": secret },
      secretKeys: ["p:KEY"],
      program: async () => {
        pulumi.log.warn(`the key is ${new pulumi.Config().require("KEY")}`);
        throw new Error(`cannot use ${encodeURIComponent(secret)}`);
      },
      cloud: Cloud.empty(worldFor({})),
      account: "111111111111",
      operation: "up",
    });
    assert.match(JSON.stringify(failures), /cannot use \[secret\]/);
    assert.match(JSON.stringify(diagnostics), /the key is \[secret\]/);
    assert.deepEqual(leaks([text("all", [failures, diagnostics])], new Map([["KEY", secret]])), []);
  });
});

function inClear(value: string): Project {
  const sound = variant(openProject("oc-pizza"), {});
  const { prod } = sound.stacks ?? {};
  const config = { ...prod?.config, "oc-pizza:STRIPE_SECRET_KEY": value };
  return { ...sound, stacks: { ...sound.stacks, prod: { ...prod, config } } };
}
