import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../cloud";
import type { Props } from "../types";
import { CLOUDFLARE_ACCOUNT as accountId, worldFor, zoneId } from "../world";
import { refusal } from "./context.test-helper";

const SITE = { accountId, name: "shop-site", productionBranch: "main" };
const HOST = { accountId, projectName: "shop-site", name: "example.org" };
const ALERT = {
  accountId,
  alertType: "pages_event_alert",
  name: "shop",
  mechanisms: { emails: [{ id: "a@b.fr" }] },
};

/** A cloud in which a test makes resources of Pages by their short names. */
function pages() {
  const cloud = Cloud.empty(worldFor({ zones: ["example.org"] }));
  const ask = (kind: string, name: string) => {
    const type = `cloudflare:index/${kind.charAt(0).toLowerCase()}${kind.slice(1)}:${kind}`;
    return { type, urn: `urn:pulumi:test::test::${type}::${name}`, account: "1" };
  };
  const create = (kind: string, inputs: Props, name = "main") => cloud.create({ ...ask(kind, name), inputs });
  return {
    create,
    record: (content: string) =>
      create("DnsRecord", {
        zoneId: zoneId("example.org"),
        name: "example.org",
        type: "CNAME",
        content,
        ttl: 1,
        proxied: true,
      }),
    update: (kind: string, id: string, inputs: Props) => cloud.update({ ...ask(kind, "main"), id, inputs }),
    check: (kind: string, news: Props) => cloud.check({ ...ask(kind, "main"), news }).failures,
    projects: () =>
      cloud.invoke({ token: "cloudflare:index/getPagesProjects", args: { accountId }, account: "1" })
        .results as { id: string; name: string }[],
  };
}

test("a project's name is taken once, and it gets an address", () => {
  const { create } = pages();
  assert.equal(create("PagesProject", SITE).outputs.subdomain, "shop-site.pages.dev");
  assert.throws(() => create("PagesProject", SITE, "again"), refusal("8000002", /another name/));
});

test("a name with capitals or dots is refused", () => {
  const { check } = pages();
  assert.equal(check("PagesProject", SITE).length, 0);
  for (const name of ["Shop", "shop.site", "-shop"])
    assert.equal(check("PagesProject", { ...SITE, name }).length, 1, name);
});

test("previews by branch need their setting", () => {
  const { create } = pages();
  const source = {
    type: "github",
    config: { previewBranchIncludes: ["next"], previewDeploymentSetting: "none" },
  };
  assert.throws(() => create("PagesProject", { ...SITE, source }), refusal("InvalidAttribute", /not custom/));
});

test("a host without its record stays pending; with it, it is active, and the project knows it", () => {
  const { create, record, update } = pages();
  create("PagesProject", SITE);
  const { id, outputs } = create("PagesDomain", HOST);
  assert.equal(outputs.status, "pending");
  record("shop-site.pages.dev");
  assert.equal(update("PagesDomain", id, HOST).outputs.status, "active");
});

test("a record that leads elsewhere is none", () => {
  const { create, record } = pages();
  create("PagesProject", SITE);
  record("other.pages.dev");
  assert.equal(create("PagesDomain", HOST).outputs.status, "pending");
});

test("a host belongs to one project, and that exists", () => {
  const { create } = pages();
  assert.throws(() => create("PagesDomain", HOST), refusal("8000007", /shop-site/));
  create("PagesProject", SITE);
  create("PagesProject", { ...SITE, name: "other" }, "other");
  create("PagesDomain", HOST);
  assert.throws(
    () => create("PagesDomain", { ...HOST, projectName: "other" }, "b"),
    refusal("8000018", /shop-site/),
  );
});

test("an alert that tells nobody is refused", () => {
  const { create } = pages();
  const silent = { ...ALERT, mechanisms: { emails: [] } };
  assert.throws(() => create("NotificationPolicy", silent), refusal("17102", /tells nobody/));
});

test("an alert wants a project's id, which the list of projects says, and not its name", () => {
  const { create, projects, check } = pages();
  create("PagesProject", SITE);
  const of = (id: unknown, events = ["EVENT_DEPLOYMENT_FAILED"]) => ({
    ...ALERT,
    filters: { projectIds: [id], events },
  });
  assert.throws(() => create("NotificationPolicy", of("shop-site")), refusal("17103", /not the name/));
  const [project] = projects();
  assert.equal(project?.name, "shop-site");
  create("NotificationPolicy", of(project?.id));
  assert.match(
    String(check("NotificationPolicy", of("x", ["failed"]))[0]?.reason ?? ""),
    /EVENT_DEPLOYMENT_FAILED/,
  );
});
