import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ResourceState } from "../rehearsal/stack-state";
import { type Allowed, DIFFERENCES } from "../stacks/differences";
import { captured } from "./captured.test-helper";
import { parity } from "./commands/parity";
import { declared } from "./declared";
import { exampleDeclared } from "./declared.test-helper";
import { EXIT } from "./errors";
import { compare, type Verdict } from "./parity";
import { examples, openProject } from "./project";
import { writeConfig } from "./stack-file";
import { variant } from "./variant";

async function verdictOn(both: ReturnType<typeof declared>): Promise<Verdict> {
  const { sandbox, prod } = await both;
  return compare(sandbox.neutral, prod.neutral, DIFFERENCES);
}

/** What a team may set apart and no example does: load decides here or there, one disk is larger, GitHub starts less. */
const unlike = variant(openProject("oc-pizza"), {
  shared: {
    applications: { web: { processes: { worker: { command: "celery worker" } } } },
    schedules: { prices: { application: "web", command: "prices", cron: "0 6 * * *", by: "github" } },
    jobs: { export: { application: "web", command: "export" } },
    sites: { blog: { target: "pages", pipeline: "native", compile: "npx @11ty/eleventy" } },
  },
  sandbox: {
    differences: {
      officeHours: {},
      applications: {
        web: { editors: ["team@oc-pizza.fr"], processes: { web: { autoscale: { min: 1, max: 2 } } } },
      },
      schedules: { prices: { enabled: false } },
      sites: { blog: { host: "blog.sandbox.oc-pizza.fr", branch: "next", variables: { DRAFTS: 1 } } },
    },
  },
  prod: {
    differences: {
      intake: { dumps: { bucket: "media", prefix: "dumps/", every: "2d" } },
      databases: { main: { storage: 100, maxStorage: 500, serves: "OC_Pizza_20261122T021700" } },
      sites: {
        blog: { host: "blog.oc-pizza.fr", aliases: ["news.oc-pizza.fr"], mails: ["b@elsewhere.example"] },
      },
      backups: { cron: "17 */6 * * *" },
      applications: {
        web: {
          processes: {
            web: { autoscale: { min: 2, max: 8 } },
            worker: { autoscale: { min: 2, max: 4 } },
          },
        },
      },
    },
  },
});

/** One account, a sandbox that sleeps behind a short alias, a production that begins as a copy on another class. */
const asleep = variant(openProject("oc-pizza"), {
  shared: {
    oneAccount: true,
    intake: { dumps: { bucket: "media", prefix: "dumps/", every: "2d" } },
  },
  sandbox: {
    differences: {
      enabled: false,
      backups: { cron: "7 3 * * 0" },
      applications: { web: { processes: { web: { aliases: ["s.oc-pizza.fr"] } } } },
    },
  },
  prod: {
    differences: {
      intake: { prices: { bucket: "media", prefix: "prices/", every: "8d" } },
      databases: { main: { size: "db.m7g.large", adopt: { snapshot: "before-the-move" } } },
      acknowledged: [{ what: "databases.main", until: "2026-12-01", because: "it may begin once more" }],
    },
  },
});

/** A rotation reaches the sandbox first: of a key, of a database's user for the first time and for the third. */
const rotated = writeConfig(variant(openProject("envinorma"), {}), "prod", {
  rotations: { "databases.web": 2 },
});
const ahead = writeConfig(rotated, "sandbox", {
  rotations: { SECRET_KEY_BASE: 2, "databases.web": 3, "databases.back-office": 2 },
});

const verdicts = new Map<string, Promise<Verdict>>([
  ...examples().map((name) => [name, verdictOn(exampleDeclared(name))] as const),
  ["a team that sets apart what no example does", verdictOn(declared(unlike))],
  ["a sandbox that sleeps beside a production that was adopted", verdictOn(declared(asleep))],
  ["a sandbox that is a rotation ahead", verdictOn(declared(ahead))],
]);

/** Rows that no plan can show, with the reason. */
const NEVER_SEEN: Readonly<Record<string, string>> = {
  "aws:ecs/service:Service * deploymentCircuitBreaker.rollback":
    "a migration ran in one of the two: no command runs in a rehearsal",
  "cloudflare:index/workersScript:WorkersScript * bindings*":
    "one of the bindings is the origin key, so that all of them are compared masked",
};

describe("the table of differences", () => {
  for (const [name, verdict] of verdicts)
    test(`explains every difference of ${name}`, async () => {
      const { refused, allowed } = await verdict;
      assert.deepEqual(refused, []);
      assert.ok(allowed.length > 0);
    });

  test("has no row that no difference needs", async () => {
    const all = await Promise.all(verdicts.values());
    const idle = DIFFERENCES.filter((row) => all.every((verdict) => verdict.idle.includes(row)));
    const titles = idle.map(({ type, name = "*", property }) => `${type} ${name} ${property}`);
    assert.deepEqual(titles, Object.keys(NEVER_SEEN));
  });
});

describe("a planted difference", () => {
  const resource = (changes: Partial<ResourceState> = {}): ResourceState => ({
    urn: "tandem:bucket:Bucket$aws:s3/bucket:Bucket::media",
    type: "aws:s3/bucket:Bucket",
    custom: true,
    inputs: { forceDestroy: true, tags: { Name: "media" } },
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    protect: false,
    retainOnDelete: false,
    aliases: [],
    ignoreChanges: [],
    secretInputs: [],
    secretOutputs: [],
    ...changes,
  });
  const place = { type: "aws:s3/bucket:Bucket", name: "media" };
  const other = resource({ inputs: { forceDestroy: false, tags: { Name: "media" } } });
  const row: Allowed = { type: "aws:s3/*", name: "med*", property: "forceDe*", because: "a reason" };

  test("in a property is refused and named, as deep as it is", () => {
    const changed = resource({ inputs: { forceDestroy: true, tags: { Name: "files" } } });
    const { refused } = compare([resource()], [changed], []);
    assert.deepEqual(refused, [{ ...place, property: "tags.Name", sandbox: "media", prod: "files" }]);
  });

  test("of a resource that one environment lacks is refused and named, either way", () => {
    const missing = { ...place, property: "exists" };
    assert.deepEqual(compare([resource()], [], []).refused, [{ ...missing, sandbox: true, prod: false }]);
    assert.deepEqual(compare([], [resource()], []).refused, [{ ...missing, sandbox: false, prod: true }]);
  });

  test("that a row allows is allowed with its reason, up to the row's last day", () => {
    const difference = { ...place, property: "forceDestroy", sandbox: true, prod: false };
    const on = (today: string) => compare([resource()], [other], [{ ...row, until: "2026-12-31" }], today);
    assert.deepEqual(on("2026-12-31").allowed, [{ ...difference, because: "a reason" }]);
    assert.deepEqual(on("2027-01-01").allowed, []);
    assert.deepEqual(on("2027-01-01").refused, [
      { ...difference, because: "a reason", expired: "2026-12-31" },
    ]);
  });

  test("in a real stack is refused and named", async () => {
    const { sandbox, prod } = await exampleDeclared("osuny-site");
    const open = prod.neutral.map((r) =>
      r.type === "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"
        ? { ...r, inputs: { ...r.inputs, blockPublicAcls: false } }
        : r,
    );
    const { refused } = compare(sandbox.neutral, open, DIFFERENCES);
    assert.ok(refused.length > 0);
    assert.ok(refused.every(({ property, prod }) => property === "blockPublicAcls" && prod === false));
  });

  test("a row that no difference needs is told", () => {
    assert.deepEqual(compare([resource()], [resource()], [row]).idle, [row]);
  });
});

test(`npx tandem parity ends with exit code ${EXIT.differs} and names what the table does not know`, async () => {
  // As a checkout whose table has lost one row: the reviewers of production.
  const table = DIFFERENCES as Allowed[];
  const at = table.findIndex(({ property }) => property === "*eviewers*");
  const [lost] = table.splice(at, 1) as [Allowed];
  try {
    const printed = await captured(() =>
      assert.rejects(parity({ example: "osuny-site" }), {
        exitCode: EXIT.differs,
        message: /stacks\/differences\.ts does not allow/,
      }),
    );
    assert.match(printed, /not allowed {2}RepositoryEnvironment \S+ reviewers/);
  } finally {
    table.splice(at, 0, lost);
  }
});
