import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { physicalName } from "../components/names";
import { runbookAnchor } from "../components/runbook";
import { ENVIRONMENTS } from "../config/settings";
import { type Declared, declared } from "./declared";
import { exampleDeclared } from "./declared.test-helper";
import { examples, openProject, ROOT } from "./project";
import { variant } from "./variant";

const RUNBOOK = readFileSync(join(ROOT, "docs", "runbook.md"), "utf8");
const [, NOTICES = "", PLANNED = ""] = RUNBOOK.split(/^## .*$/m);
const headings = (text: string) => [...text.matchAll(/^### (.+)$/gm)].map(([, title = ""]) => title);

/** Notices that are neither alarm nor rule, by the resource that sends them. */
const BY_TYPE: Readonly<Record<string, string>> = {
  "aws:budgets/budget:Budget": "budget",
  "aws:backup/vaultNotifications:VaultNotifications": "backup-object-failed",
  "cloudflare:index/notificationPolicy:NotificationPolicy": "site-build-failed",
};

/** What no resource of an environment sends: workflows do. */
const OF_WORKFLOWS = ["workflow-failed"];

/** What the examples leave out and configuration can ask for. */
const VARIANTS = [
  () =>
    variant(openProject("oc-pizza"), {
      shared: { applications: { web: { processes: { worker: { count: 1, command: "worker" } } } } },
      sandbox: {
        differences: {
          officeHours: {},
          intake: { dumps: { bucket: "media", prefix: "dumps/", every: "2d" } },
        },
      },
    }),
];

/** The rows that the notices of a stack lead to. */
function led({ stack, settings }: Declared): string[] {
  return stack.resources.flatMap(({ type, inputs }) => {
    const known = BY_TYPE[type];
    if (known !== undefined) return [known];
    const role = String(inputs.name).slice(physicalName(settings, "").length + 1);
    if (type === "aws:cloudwatch/metricAlarm:MetricAlarm") return [runbookAnchor(role)];
    if (type !== "aws:cloudwatch/eventRule:EventRule") return [];
    // A rule that calls a function has no words of its own: the function's notices stand among `told`.
    const target = stack.resources.find(
      (each) => each.type === "aws:cloudwatch/eventTarget:EventTarget" && each.inputs.rule === inputs.name,
    );
    return String(target?.inputs.arn).includes(":sns:") ? [runbookAnchor(role)] : [];
  });
}

/** What functions tell, by the first part of the name that they remember each notice by. */
function told(): string[] {
  const sources = readdirSync(join(ROOT, "components"), { recursive: true })
    .map(String)
    .filter((file) => file.endsWith(".js"))
    .map((file) => readFileSync(join(ROOT, "components", file), "utf8"));
  return sources.flatMap((source) =>
    [...source.matchAll(/tellOnce\(\s*`([a-z-]+)\//g)].map(([, kind]) => `notice-${kind}`),
  );
}

test("every alarm, rule and notice has one row in the runbook, and every row something that leads to it", async () => {
  const stacks = [
    ...(await Promise.all(examples().map(exampleDeclared))),
    ...(await Promise.all(VARIANTS.map((project) => declared(project())))),
  ].flatMap((both) => ENVIRONMENTS.map((environment) => both[environment]));
  const expected = [
    ...new Set([...stacks.flatMap(led), ...Object.values(BY_TYPE), ...told(), ...OF_WORKFLOWS]),
  ];
  assert.deepEqual(headings(NOTICES).sort(), expected.sort());
});

test("every alarm's mail ends with the way to its row", async () => {
  for (const example of examples()) {
    const both = await exampleDeclared(example);
    for (const environment of ENVIRONMENTS)
      for (const { type, inputs } of both[environment].stack.resources)
        if (type === "aws:cloudwatch/metricAlarm:MetricAlarm") {
          const [, anchor] = /docs\/runbook\.md#([a-z-]+)$/.exec(String(inputs.alarmDescription)) ?? [];
          assert.ok(headings(NOTICES).includes(String(anchor)), `${inputs.name}: ${inputs.alarmDescription}`);
        }
  }
});

test("every row says what happened, what is seen and what to do", () => {
  for (const row of NOTICES.split(/^### /m).slice(1))
    for (const part of ["What happened", "What you see", "What to do"])
      assert.match(row, new RegExp(`\\*\\*${part}\\.\\*\\* .`), row);
});

test("what is planned or rare has its chapter, and every way within the runbook arrives", () => {
  const all = headings(NOTICES).concat(headings(PLANNED));
  for (const title of ["First installation", "Planned windows", "Secret leaked", "Restore", "Maintenance"])
    assert.ok(all.includes(title), title);
  const anchors = all.map((title) => title.toLowerCase().replaceAll(" ", "-"));
  for (const [, anchor] of RUNBOOK.matchAll(/\]\(#([^)]+)\)/g))
    assert.ok(anchors.includes(anchor ?? ""), anchor);
});

test("every command that it names is there, and every workflow of the stack is named", () => {
  const main = readFileSync(join(ROOT, "tandem", "main.ts"), "utf8");
  for (const [, command] of RUNBOOK.matchAll(/npx\s+tandem\s+([a-z]+)/g))
    assert.ok(main.includes(`.command("${command}")`), `npx tandem ${command}`);
  for (const [, words = ""] of RUNBOOK.matchAll(/`npx\s+tandem ([^`]+)`/g))
    for (const [option] of words.matchAll(/--[a-z-]+/g))
      assert.match(main, new RegExp(`${option}[ "]`), `npx tandem ${words}`);
  const workflows = readdirSync(join(ROOT, ".github", "workflows")).map((file) => file.replace(/\.yml$/, ""));
  for (const name of workflows) {
    const shown = name.startsWith("watch-") ? "watch-..." : name;
    assert.ok(RUNBOOK.includes(`\`${shown}\``), name);
  }
});
