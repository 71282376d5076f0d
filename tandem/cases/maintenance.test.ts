import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { keptOf } from "../../components/keeper/kept.test-helper";
import { ENVIRONMENTS } from "../../config/settings";
import type { StackState } from "../../rehearsal/stack-state";
import { DIFFERENCES } from "../../stacks/differences";
import { neutral } from "../neutral";
import { compare } from "../parity";
import { openProject, settingsOf } from "../project";
import { rehearsedSwitches } from "../switches";
import { variant } from "../variant";
import { copied, lines, objectsOf, refuseFailed, standing, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const TEXT = "Nous mettons à jour les arrêtés. Retour vers midi.";
const TEXT_IN_ENGLISH = "We are updating the texts. Back around noon.";
const PLANNED = {
  from: "2026-12-01T09:00:00+01:00",
  until: "2026-12-01T12:00:00+01:00",
  text: { fr: TEXT, en: TEXT_IN_ENGLISH },
  contact: "contact@envinorma.example",
  allow: ["192.0.2.0/24"],
};
const plain = openProject("envinorma");
const project = variant(plain, { shared: { applications: { web: { maintenance: PLANNED } } } });
const stood = standing(project);
const { accountId } = settingsOf(project, "prod");

type Binding = Readonly<Record<"name" | "type" | "json" | "text", string>>;

async function bindings(stack: string): Promise<Readonly<Record<string, Binding>>> {
  const scripts = (await stood).memory.cloud.objects("cloudflare:index/workersScript:WorkersScript");
  const script = scripts.find(({ id }) => id === `envinorma-${stack}-edge`);
  const list = script?.inputs.bindings as readonly Binding[];
  return Object.fromEntries(list.map((binding) => [binding.name, binding]));
}

describe("envinorma: a maintenance of web only", () => {
  test("is code: text, contact, window and allow-list reach the edge, the hosts of web with it", async () => {
    const { APPLICATION_WEB, APPLICATION_BACK_OFFICE } = await bindings("prod");
    assert.deepEqual(JSON.parse(APPLICATION_WEB?.json ?? ""), {
      key: "web",
      hosts: { "envinorma.example": "/", "www.envinorma.example": "/" },
      from: "2026-12-01T08:00:00.000Z",
      until: "2026-12-01T11:00:00.000Z",
      text: { fr: TEXT, en: TEXT_IN_ENGLISH },
      contact: "contact@envinorma.example",
      allow: [["c0000200", "c00002ff"]],
    });
    const office = JSON.parse(APPLICATION_BACK_OFFICE?.json ?? "");
    assert.deepEqual([office.key, office.until, office.allow], ["back-office", undefined, []]);
  });

  test("leaves back-office, jobs and schedules alone: only the edge differs, and whose alarms are quiet", async () => {
    const way = under(plain, copied((await stood).memory));
    const outcome = await way.run("prod", "preview");
    refuseFailed(outcome);
    assert.deepEqual(lines(outcome), [
      "update WorkersScript edge bindings",
      "update Function office-hours code",
    ]);
  });

  test("reaches who keeps alarms quiet: those of web, and none of the back-office", async () => {
    const { memory } = await stood;
    const [lambda] = objectsOf(memory, "aws:lambda/function:Function", accountId).filter(
      ({ inputs }) => inputs.name === "envinorma-prod-keeper",
    );
    const { variables = {} } = (lambda?.inputs.environment ?? {}) as { variables?: Record<string, string> };
    const { on, hours, maintenance } = await keptOf(lambda?.inputs);
    assert.deepEqual(
      [on, hours, variables.SWITCHES],
      [true, undefined, memory.stacks.prod?.outputs.switches],
    );
    const { from, until, alarms = [] } = maintenance.web ?? {};
    assert.deepEqual([from, until], ["2026-12-01T08:00:00.000Z", "2026-12-01T11:00:00.000Z"]);
    const declared = objectsOf(memory, "aws:cloudwatch/metricAlarm:MetricAlarm", accountId);
    const names = declared.map(({ inputs }) => inputs.name);
    for (const role of alarms) assert.ok(names.includes(`envinorma-prod-${role}`), role);
    assert.ok(alarms.includes("service-web_web-unhealthy"));
    assert.equal(maintenance["back-office"]?.until, undefined);
  });

  test("keeps the monitor quiet: it asks the edge at an address that nobody else knows", async () => {
    const { memory } = await stood;
    const [check] = objectsOf(memory, "aws:route53/healthCheck:HealthCheck", accountId);
    assert.match(String(check?.inputs.resourcePath), /^\/\.well-known\/tandem\/health\/[0-9a-f]{64}$/);
    const state = memory.stacks.prod?.resources.find(({ type }) => type.endsWith(":HealthCheck"));
    assert.ok(state?.secretInputs.includes("resourcePath"));
  });

  test("both environments are closed in the same way", async () => {
    const { stacks } = (await stood).memory;
    const [sandbox = [], prod = []] = ENVIRONMENTS.map((stack) =>
      neutral(stacks[stack] as StackState, settingsOf(project, stack)),
    );
    assert.deepEqual(compare(sandbox, prod, DIFFERENCES).refused, []);
  });
});

describe("envinorma: the switch", () => {
  test("survives the next deployment: an up has no step that touches it", async () => {
    const memory = copied((await stood).memory);
    const scope = settingsOf(project, "sandbox");
    const switches = rehearsedSwitches(memory.cloud, scope);
    await switches.write("web", "{}");
    const release = { web: `sha256:${"7".repeat(64)}` };
    const next = variant(project, { sandbox: { release } });
    const way = under(next, memory);
    const outcome = await way.run("sandbox", "up");
    refuseFailed(outcome);
    assert.ok(lines(outcome).length > 0);
    assert.ok(
      !lines(outcome).some((line) => /switches|maintenance|edge/.test(line)),
      lines(outcome).join("\n"),
    );
    const after = rehearsedSwitches(way.memory.cloud, scope);
    assert.deepEqual([await after.read("web"), await after.read("back-office")], ["{}", undefined]);
  });

  test("is read by the edge alone, from its own addresses and with its key", async () => {
    const { memory } = await stood;
    const bucket = memory.stacks.prod?.outputs.switches;
    const [policy] = objectsOf(memory, "aws:s3/bucketPolicy:BucketPolicy", accountId).filter(
      ({ inputs }) => inputs.bucket === bucket,
    );
    const [tls, edge, ...others] = JSON.parse(String(policy?.inputs.policy)).Statement;
    assert.deepEqual([tls.Effect, others], ["Deny", []]);
    const { "aws:SourceIp": ranges } = edge.Condition.IpAddress;
    assert.ok(ranges.length > 5 && ranges.every((range: string) => /^\d+(\.\d+){3}\/\d+$/.test(range)));
    assert.match(edge.Condition.StringEquals["aws:Referer"], /^[0-9a-f]{64}$/);
    assert.deepEqual([edge.Action, edge.Resource], ["s3:GetObject", `arn:aws:s3:::${bucket}/*`]);
  });

  test("the product owner's role turns it and does nothing else", async () => {
    const { memory } = await stood;
    const bucket = memory.stacks.prod?.outputs.switches;
    const [role] = objectsOf(memory, "aws:iam/role:Role", accountId).filter(
      ({ inputs }) => inputs.name === "envinorma-prod-switches",
    );
    const policies = objectsOf(memory, "aws:iam/rolePolicy:RolePolicy", accountId).filter(
      ({ inputs }) => inputs.role === "envinorma-prod-switches",
    );
    assert.deepEqual(
      policies.map(({ inputs }) => JSON.parse(String(inputs.policy))),
      [
        {
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "TurnSwitches",
              Effect: "Allow",
              Action: ["s3:PutObject", "s3:DeleteObject"],
              Resource: [`arn:aws:s3:::${bucket}/maintenance/*`],
            },
          ],
        },
      ],
    );
    const attached = objectsOf(memory, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", accountId);
    assert.deepEqual(
      attached.filter(({ inputs }) => inputs.role === role?.id),
      [],
    );
    const trusted = JSON.parse(String(role?.inputs.assumeRolePolicy)).Statement[0].Condition.StringEquals;
    for (const subject of trusted["token.actions.githubusercontent.com:sub"])
      assert.match(subject, /^repo:envinorma(@\d+)?\/envinorma-web(@\d+)?:environment:prod-switches$/);
  });

  test("its button waits for no reviewer, and runs from the deployed branch only", async () => {
    const { cloud } = (await stood).memory;
    const [environment] = cloud
      .objects("github:index/repositoryEnvironment:RepositoryEnvironment")
      .filter(({ inputs }) => inputs.environment === "prod-switches");
    assert.equal(environment?.inputs.reviewers, undefined);
    const file = cloud
      .objects("github:index/repositoryFile:RepositoryFile")
      .find(({ inputs }) => inputs.file === ".github/workflows/maintenance-prod.yml");
    assert.match(String(file?.inputs.content), /options:\n {10}- back-office\n {10}- web\n/);
    const hosts = cloud
      .objects("github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable")
      .find(
        ({ inputs }) => inputs.environment === "prod-switches" && inputs.variableName === "SWITCHES_HOSTS",
      );
    // The back-office stands behind a login: nobody can see from outside whether it is closed.
    assert.deepEqual(JSON.parse(String(hosts?.inputs.value)), { web: "envinorma.example" });
  });
});
