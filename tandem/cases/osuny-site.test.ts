import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import type { StackState } from "../../rehearsal/stack-state";
import type { CloudObject } from "../../rehearsal/types";
import type { InProcess } from "../in-process";
import { openProject, settingsOf } from "../project";
import { type Changes, variant } from "../variant";
import { copied, lines, refuseFailed, standing, under } from "./rehearsed.test-helper";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const FILE = "github:index/repositoryFile:RepositoryFile";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const SCRIPT = "cloudflare:index/workersScript:WorkersScript";
const ALERT = "cloudflare:index/notificationPolicy:NotificationPolicy";

const project = openProject("osuny-site");
const stood = standing(project);

/** The same environments under another configuration. */
async function changed(before: Promise<InProcess>, changes: Changes): Promise<InProcess> {
  const way = under(variant(project, changes), copied((await before).memory));
  for (const stack of ENVIRONMENTS) refuseFailed(await way.run(stack, "up"));
  return way;
}

/** What production needs before its bucket may go. */
const MEANT = { acknowledged: [{ what: "sites.web", until: "2026-12-01", because: "it moves to Pages" }] };

const PAGES: Changes = {
  shared: {
    sites: { web: { target: "pages", token: "PAGES_TOKEN" } },
    secrets: { PAGES_TOKEN: { kind: "given", from: "Cloudflare" } },
  },
  sandbox: { secrets: { PAGES_TOKEN: "s-token" } },
  prod: { secrets: { PAGES_TOKEN: "p-token" }, differences: MEANT },
};
const NATIVE: Changes = { shared: { sites: { web: { target: "pages", pipeline: "native" } } } };

const objects = ({ memory }: InProcess, type: string): readonly CloudObject[] => memory.cloud.objects(type);

/** What the workflows of the site's own repository say, by their path. */
const workflows = (way: InProcess) =>
  Object.fromEntries(
    objects(way, FILE)
      .filter(({ inputs }) => String(inputs.file).startsWith(".github/workflows/site-"))
      .map(({ inputs }) => [
        String(inputs.file),
        { branch: inputs.branch, ...parse(String(inputs.content)) },
      ]),
  );

/** The records of hosts, as `type content proxied`. */
const records = (way: InProcess) =>
  Object.fromEntries(
    objects(way, RECORD)
      .filter(({ inputs }) => ["A", "AAAA", "CNAME"].includes(String(inputs.type)))
      .map(({ inputs: { name, type, content, proxied } }) => [name, `${type} ${content} ${proxied}`]),
  );

async function answers(stack: EnvironmentName) {
  const { outputs } = (await stood).memory.stacks[stack] as StackState;
  return (outputs.sites as { web: { url: string; holder: string } }).web;
}

const acknowledged = changed(stood, { prod: { differences: MEANT } });
const uploaded = changed(acknowledged, PAGES);
const native = changed(uploaded, NATIVE);

describe("osuny-site, as the example says it", () => {
  test("needs no network, no application and no image", async () => {
    const { memory } = await stood;
    const kinds = ["aws:ec2/vpc:Vpc", "aws:ecs/cluster:Cluster", "aws:lb/loadBalancer:LoadBalancer"];
    for (const kind of kinds) assert.deepEqual(memory.cloud.objects(kind), [], kind);
    for (const stack of ENVIRONMENTS) assert.equal(settingsOf(project, stack).network, undefined);
  });

  test("compiles and uploads each environment's branch at every push, and cancels what a newer push overtakes", async () => {
    const all = workflows(await stood);
    assert.deepEqual(Object.keys(all).sort(), [
      ".github/workflows/site-web-prod.yml",
      ".github/workflows/site-web-sandbox.yml",
    ]);
    for (const [stack, branch] of [
      ["prod", "main"],
      ["sandbox", "sandbox"],
    ] as const) {
      const workflow = all[`.github/workflows/site-web-${stack}.yml`];
      assert.equal(workflow?.branch, branch);
      assert.deepEqual(workflow.on.push.branches, [branch]);
      assert.deepEqual(workflow.concurrency, { group: `site-web-${stack}`, "cancel-in-progress": true });
      assert.deepEqual(Object.keys(workflow.jobs), ["compile", "upload", "notice"]);
      assert.deepEqual(
        [workflow.jobs.upload.needs, workflow.jobs.notice.needs],
        [["compile"], ["compile", "upload"]],
      );
    }
  });

  test("tells of failures through its webhook, in the chosen channel", async () => {
    for (const [file, { jobs }] of Object.entries(workflows(await stood))) {
      const [{ env }] = jobs.notice.steps;
      assert.equal(env.CHANNEL, "#publications", file);
      assert.match(env.WEBHOOK, /^\$\{\{ secrets\.NOTICE_WEBHOOK_(PROD|SANDBOX) \}\}$/);
    }
  });

  test("works at the apex, without a bare CNAME: a proxied host that a worker answers for", async () => {
    const nowhere = "AAAA 100:: true";
    assert.deepEqual(records(await stood), {
      "site-osuny.example": nowhere,
      "www.site-osuny.example": nowhere,
      "sandbox.site-osuny.example": nowhere,
    });
  });

  test("is hidden from search engines in the sandbox, and only there", async () => {
    const noindex = objects(await stood, SCRIPT).map(({ id, inputs }) => [
      id,
      (inputs.bindings as { name: string; text: string }[]).find(({ name }) => name === "NOINDEX")?.text,
    ]);
    assert.deepEqual(Object.fromEntries(noindex), {
      "osuny-site-prod-site-web": "off",
      "osuny-site-sandbox-site-web": "on",
    });
  });

  test("stands outside the backups: it is made again from its repository", async () => {
    const { memory } = await stood;
    const { holder } = await answers("prod");
    const backups = (memory.stacks.prod?.resources ?? []).filter(({ urn }) =>
      urn.includes("tandem:backups:"),
    );
    assert.ok(backups.length > 0);
    assert.ok(!JSON.stringify(backups).includes(holder));
  });

  test("says in its outputs where it answers, and where its files are", async () => {
    const { url, holder } = await answers("sandbox");
    assert.equal(url, "https://sandbox.site-osuny.example");
    assert.match(holder, /^site-web-files-/);
  });

  test("an `up` of what stands changes nothing", async () => {
    const way = under(project, copied((await stood).memory));
    for (const stack of ENVIRONMENTS) assert.deepEqual(lines(await way.run(stack, "up")), [], stack);
  });
});

describe("osuny-site on Pages, by configuration alone", () => {
  test("is uploaded by the workflow, with a token that only its own environment has", async () => {
    const way = await uploaded;
    const { jobs } = workflows(way)[".github/workflows/site-web-prod.yml"] ?? {};
    assert.match(JSON.stringify(jobs.upload.steps), /wrangler@\S+ pages deploy/);
    const secrets = objects(way, "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret");
    const holders = secrets.filter(({ inputs }) => inputs.secretName === "CLOUDFLARE_API_TOKEN");
    assert.deepEqual(holders.map(({ inputs }) => inputs.environment).sort(), [
      "prod-site-web",
      "sandbox-site-web",
    ]);
    assert.deepEqual(objects(way, ALERT), []);
  });

  test("takes the bucket's place: the host leads to Pages, flattened at the apex, the alias to the host", async () => {
    const way = await uploaded;
    assert.deepEqual(records(way), {
      "site-osuny.example": "CNAME osuny-site-prod-site-web.pages.dev true",
      "www.site-osuny.example": "AAAA 100:: true",
      "sandbox.site-osuny.example": "CNAME osuny-site-sandbox-site-web.pages.dev true",
    });
    const domains = objects(way, "cloudflare:index/pagesDomain:PagesDomain");
    assert.deepEqual(
      domains.map(({ outputs }) => outputs.status),
      ["active", "active"],
    );
  });
});

describe("osuny-site with the host's own pipeline, by configuration alone", () => {
  test("has no workflow that compiles it, and no token", async () => {
    const way = await native;
    assert.deepEqual(workflows(way), {});
    const secrets = objects(way, "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret");
    assert.deepEqual(
      secrets.filter(({ inputs }) => inputs.secretName === "CLOUDFLARE_API_TOKEN"),
      [],
    );
  });

  test("has its own alert, for failed deployments of its own project, to those whom notices name", async () => {
    const way = await native;
    const alerts = objects(way, ALERT).map(({ inputs }) => inputs);
    assert.deepEqual(
      alerts.map(({ alertType, mechanisms }) => [alertType, mechanisms]),
      ENVIRONMENTS.map(() => ["pages_event_alert", { emails: [{ id: "equipe@site-osuny.example" }] }]),
    );
    const filters = alerts.map((alert) => alert.filters as Record<string, string[]>);
    assert.equal(new Set(filters.flatMap(({ projectIds }) => projectIds)).size, 2);
    for (const { events } of filters) assert.deepEqual(events, ["EVENT_DEPLOYMENT_FAILED"]);
  });

  test("is compiled from each environment's branch with its own address, and shows no previews", async () => {
    const projects = objects(await native, "cloudflare:index/pagesProject:PagesProject");
    const said = projects.map(({ id, inputs }) => {
      const { config } = inputs.source as { config: Record<string, unknown> };
      const { production } = inputs.deploymentConfigs as { production: { envVars: Record<string, unknown> } };
      assert.equal(config.previewDeploymentSetting, "none");
      return [id, config.productionBranch, production.envVars.BASE_URL];
    });
    const address = (value: string) => ({ type: "plain_text", value });
    assert.deepEqual(said.sort(), [
      ["osuny-site-prod-site-web", "main", address("https://site-osuny.example")],
      ["osuny-site-sandbox-site-web", "sandbox", address("https://sandbox.site-osuny.example")],
    ]);
  });
});

test("production's site does not go by mistake: its bucket goes when that was acknowledged first", async () => {
  const { prod, ...others } = PAGES;
  const { differences, ...unsaid } = prod ?? {};
  const way = under(variant(project, { ...others, prod: unsaid }), copied((await stood).memory));
  const { failures } = await way.run("prod", "preview");
  assert.deepEqual(differences, MEANT);
  assert.match(JSON.stringify(failures), /site web would be deleted.*\{ what: sites\.web, until: /);
});
