import assert from "node:assert/strict";
import { test } from "node:test";
import { standing as broughtUp } from "../cases/rehearsed.test-helper";
import { openProject } from "../project";
import { variant } from "../variant";
import { declaredIn, standing } from "./gitlab";

delete process.env.PULUMI_CONFIG_PASSPHRASE;

const EXAMPLE = openProject("osuny-site");
const on = (sites: object) => variant(EXAMPLE, { shared: { sites } });
const ONE = on({ web: { gitlab: "agency/site" } });

test("where no site is on GitLab it says how one gets there", () => {
  assert.throws(
    () => declaredIn(EXAMPLE),
    /^CommandError: No site of osuny-site is on GitLab; remedy: .*sites\.<key>\.gitlab/,
  );
  assert.throws(() => declaredIn(ONE, "blog"), /--site is "blog"; allowed: web/);
});

test("a project's file has every site of it, in both environments, whichever of them is named", () => {
  const two = on({
    web: { gitlab: "agency/site" },
    docs: { host: "docs.site-osuny.example", gitlab: "agency/site", directory: "docs" },
  });
  for (const named of [undefined, "web", "docs"])
    assert.deepEqual(
      declaredIn(two, named)
        .map(({ key, settings }) => `${key} ${settings.environment}`)
        .sort(),
      ["docs prod", "docs sandbox", "web prod", "web sandbox"],
    );
});

test("two projects have a file each: one of their sites has to be named", () => {
  const two = on({
    web: { gitlab: "agency/site" },
    docs: { host: "docs.site-osuny.example", gitlab: "agency/docs" },
  });
  assert.throws(() => declaredIn(two), /agency\/site, agency\/docs; remedy: --site with one of web, docs$/);
  assert.deepEqual([...new Set(declaredIn(two, "docs").map(({ project }) => project))], ["agency/docs"]);
});

test("the file names the bucket and the role that stand, and what does not stand yet is said", async () => {
  const { memory } = await broughtUp(ONE);
  const roles = memory.cloud.objects("aws:iam/role:Role").map(({ outputs }) => outputs.arn);
  const buckets = memory.cloud.objects("aws:s3/bucket:Bucket").map(({ outputs }) => outputs.bucket);
  for (const one of declaredIn(ONE)) {
    const { place } = standing(one, memory.stacks[one.settings.environment]?.outputs);
    assert.ok("bucket" in place && buckets.includes(place.bucket) && roles.includes(place.roleArn));
    assert.throws(
      () => standing(one, undefined),
      /does not stand in (sandbox|prod) yet; remedy: bring that up/,
    );
  }
});
