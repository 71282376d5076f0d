import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { restoreWords } from "../release";
import { ago, FakeInside, type FakeSnapshot, NOW } from "./cloud.test-helper";

const SNAPSHOT = "shop-prod-main-release-0a1b2c3d";
const BACKUP = { instance: "shop-prod-main", snapshot: SNAPSHOT };
const RESTORE = new RegExp(
  `aws rds restore-db-instance-from-db-snapshot --db-instance-identifier shop-prod-main-restored --db-snapshot-identifier ${SNAPSHOT}`,
);

const release = {
  do: "release",
  application: "web",
  key: "0a1b2c3d",
  taskDefinition: "release-web",
  logGroup: "/shop/release-web",
  backups: [BACKUP],
};
const watched = {
  ...release,
  migrations: { taskDefinition: "migrations-web", logGroup: "/shop/migrations-web" },
};

const fresh: FakeSnapshot = {
  DBSnapshotIdentifier: SNAPSHOT,
  DBInstanceIdentifier: "shop-prod-main",
  SnapshotCreateTime: ago(0.1),
};

function inside(changes: Partial<FakeInside> = {}): FakeInside {
  return Object.assign(new FakeInside(), { snapshots: [fresh], ...changes });
}

describe("a release", () => {
  test("runs the command once, in the environment's network, under the release's key", async () => {
    const cloud = inside();
    assert.deepEqual(await cloud.call(release), { migrated: true, at: "2026-11-22T12:00:10.000Z" });
    const [task] = cloud.of("ecs:RunTask");
    assert.deepEqual(cloud.started(), ["release-web"]);
    assert.equal(task?.startedBy, "release/0a1b2c3d");
    assert.deepEqual(task?.networkConfiguration, {
      awsvpcConfiguration: {
        subnets: ["subnet-1", "subnet-2"],
        securityGroups: ["sg-1"],
        assignPublicIp: "ENABLED",
      },
    });
  });

  for (const [what, snapshots, why] of [
    ["no backup", [], /there is no backup shop-prod-main-release-0a1b2c3d of shop-prod-main/],
    ["an incomplete one", [{ ...fresh, Status: "creating" }], /is creating, not complete/],
    ["one of another database", [{ ...fresh, DBInstanceIdentifier: "other" }], /is of other, not of/],
    ["one of long ago", [{ ...fresh, SnapshotCreateTime: ago(7) }], /is 7 hours old/],
  ] as const)
    test(`with ${what} is refused with the remedy, and nothing is run`, async () => {
      const cloud = inside({ snapshots: [...snapshots] });
      const remedy = /nothing was run.*pulumi up --replace '\*\*RandomId::web-release-key'/;
      const refused = await cloud.call(watched).catch((error: Error) => error.message);
      assert.match(String(refused), why);
      assert.match(String(refused), remedy);
      assert.deepEqual(cloud.started(), []);
    });

  test("of an application without a database needs no backup", async () => {
    await inside({ snapshots: [] }).call({ ...release, backups: [] });
  });

  test("fails with the exit code, the log, and how to restore what may have changed", async () => {
    const cloud = inside({ runs: { "release-web": { exitCode: 3 } } });
    const failed =
      /web failed with exit code 3 \(Essential.*\/shop\/release-web, app\/app\/1\. No new version/;
    await assert.rejects(cloud.call(release), failed);
    await assert.rejects(cloud.call(release), RESTORE);
    assert.equal(cloud.of("rds:DeleteDBSnapshot").length, 0);
  });

  test("that failed before it changed anything needs no restore", async () => {
    const runs = { "release-web": { exitCode: 1 }, "migrations-web": { prints: "0007" } };
    const error = await inside({ runs })
      .call(watched)
      .catch(({ message }) => message);
    assert.match(error, /The database is as it was/);
    assert.doesNotMatch(error, RESTORE);
  });

  test("that failed is run anew by the next update", async () => {
    const cloud = inside({ runs: { "release-web": { exitCode: 1 } } });
    await assert.rejects(cloud.call(release));
    cloud.runs = {};
    await cloud.call(release);
    assert.deepEqual(cloud.started(), ["release-web", "release-web"]);
  });

  test("that never started says so", async () => {
    const cloud = inside({ runs: { "release-web": { refused: "CannotPullContainerError" } } });
    await assert.rejects(cloud.call(release), /never ran \(CannotPullContainerError\)/);
  });

  test("longer than 14 minutes goes on, and the second call waits for it and starts none", async () => {
    const cloud = inside({ runs: { "release-web": { seconds: 1500 } } });
    await assert.rejects(
      cloud.call(release),
      /still runs after 14 minutes, and goes on.*\/shop\/release-web/,
    );
    await cloud.call(release);
    assert.deepEqual(cloud.started(), ["release-web"]);
  });

  test("cut off and called again after its end is not run again", async () => {
    const cloud = inside();
    await cloud.call(release);
    await cloud.call(release);
    assert.deepEqual(cloud.started(), ["release-web"]);
  });

  test("that has begun keeps its backup, however old it is when it is called again", async () => {
    const cloud = inside({ runs: { "release-web": { seconds: 1500 } } });
    await assert.rejects(cloud.call(release), /still runs/);
    cloud.now += 8 * 3_600_000;
    await cloud.call(release);
  });
});

describe("a migration", () => {
  /** What the migrations command prints, before and after. */
  async function moved(before: string, after: string) {
    const cloud = inside({ runs: { "migrations-web": { prints: before } } });
    const send = cloud.start.bind(cloud);
    cloud.start = (family, startedBy) => {
      if (family === "release-web") cloud.runs["migrations-web"] = { prints: after };
      return send(family, startedBy);
    };
    return { cloud, answer: await cloud.call(watched) };
  }

  test("is what changes the last line that the command prints", async () => {
    const { cloud, answer } = await moved("0007_one", "0008_two");
    assert.deepEqual([answer.migrated, answer.head], [true, "0008_two"]);
    assert.deepEqual(cloud.started(), ["migrations-web", "release-web", "migrations-web"]);
  });

  test("did not run where the line is the same", async () => {
    const { answer } = await moved("0007_one", "0007_one");
    assert.deepEqual([answer.migrated, answer.head], [false, "0007_one"]);
  });

  test("is still known when the call was cut off between the command and its end", async () => {
    const cloud = inside({
      runs: { "migrations-web": { prints: "0007_one" }, "release-web": { seconds: 1500 } },
    });
    await assert.rejects(cloud.call(watched), /still runs/);
    cloud.runs["migrations-web"] = { prints: "0008_two" };
    // By then ECS has forgotten the tasks that ended; the function's own log has not.
    cloud.tasks.splice(0, 1);
    const { migrated, head } = await cloud.call(watched);
    assert.deepEqual([migrated, head], [true, "0008_two"]);
    assert.deepEqual(cloud.started(), ["migrations-web", "release-web", "migrations-web"]);
  });

  test("is assumed where the state of before cannot be told", async () => {
    const cloud = inside({ runs: { "migrations-web": { exitCode: 1 } } });
    const send = cloud.start.bind(cloud);
    cloud.start = (family, startedBy) => {
      if (family === "release-web") cloud.runs["migrations-web"] = { prints: "0001" };
      return send(family, startedBy);
    };
    assert.equal((await cloud.call(watched)).migrated, true);
  });
});

describe("demonstration data", () => {
  const demo = {
    do: "demo",
    application: "web",
    key: "0a1b2c3d",
    taskDefinition: "demo-web",
    logGroup: "/shop/demo-web",
  };

  test("is loaded once under its key, also when the call is cut off and made again", async () => {
    const cloud = inside({ runs: { "demo-web": { seconds: 1500 } } });
    await assert.rejects(cloud.call(demo), /demo\/0a1b2c3d \(demo-web\) still runs after 14 minutes/);
    assert.deepEqual(Object.keys(await cloud.call(demo)), ["at"]);
    assert.deepEqual(
      cloud.of("ecs:RunTask").map(({ startedBy }) => startedBy),
      ["demo/0a1b2c3d"],
    );
  });

  test("that failed says what happened, where its log is and what stands, and is loaded anew by the next update", async () => {
    const cloud = inside({ runs: { "demo-web": { exitCode: 2 } } });
    await assert.rejects(
      cloud.call(demo),
      /demonstration data of web failed with exit code 2 .*\/shop\/demo-web, app\/app\/1\. .*no new version was started/,
    );
    cloud.runs = {};
    await cloud.call(demo);
    assert.deepEqual(cloud.started(), ["demo-web", "demo-web"]);
  });
});

describe("the check of a source", () => {
  const source = {
    do: "source",
    application: "web",
    source: "gun",
    variables: ["GUN_API_URL", "GUN_API_KEY"],
    job: "gun-check",
    key: "0a1b2c3d0a1b2c3d",
    taskDefinition: "source-web_gun",
    logGroup: "/shop/web/source/gun",
  };

  test("is run once for its values, also when the call is cut off and made again", async () => {
    const cloud = inside({ runs: { "source-web_gun": { seconds: 1500 } } });
    await assert.rejects(cloud.call(source), /still runs after 14 minutes, and goes on/);
    assert.deepEqual(Object.keys(await cloud.call(source)), ["at"]);
    assert.deepEqual(
      cloud.of("ecs:RunTask").map(({ startedBy }) => startedBy),
      ["source/0a1b2c3d0a1b2c3d"],
    );
  });

  test("that failed names source, variables, job and log, and is run anew by the next update", async () => {
    const cloud = inside({ runs: { "source-web_gun": { exitCode: 2 } } });
    await assert.rejects(
      cloud.call(source),
      /^Error: Source gun of web was not switched \(GUN_API_URL, GUN_API_KEY\): its check, job gun-check, failed with exit code 2 .*\/shop\/web\/source\/gun, app\/app\/1\. What runs keeps the former values/,
    );
    cloud.runs = {};
    await cloud.call(source);
    assert.deepEqual(cloud.started(), ["source-web_gun", "source-web_gun"]);
  });

  test("with other values is another check", async () => {
    const cloud = inside();
    await cloud.call(source);
    await cloud.call({ ...source, key: "1a1b2c3d0a1b2c3d" });
    assert.equal(cloud.started().length, 2);
  });
});

describe("old snapshots", () => {
  const made = (name: string, hours: number, instance = "shop-prod-main"): FakeSnapshot => ({
    DBSnapshotIdentifier: name,
    DBInstanceIdentifier: instance,
    SnapshotCreateTime: ago(hours),
  });

  test("of releases are removed but for the newest five; all others stay, also another database's", async () => {
    const older = Array.from({ length: 7 }, (_, i) =>
      made(`shop-prod-main-release-0000000${i}`, 24 * (i + 1)),
    );
    const others = [
      made("before-the-move", 9000),
      made("shop-prod-main-final-00000001", 9000),
      made("shop-prod-main-release-notes-00000001", 9000),
      made("shop-prod-main-b-release-00000001", 9000, "shop-prod-main-b"),
      { ...made("shop-prod-main-release-0000000f", 9000), SnapshotType: "awsbackup" },
    ];
    const cloud = inside({ snapshots: [...older, ...others, fresh] });
    await cloud.call(release);
    assert.deepEqual(
      cloud.of("rds:DeleteDBSnapshot").map(({ DBSnapshotIdentifier }) => DBSnapshotIdentifier),
      [4, 5, 6].map((i) => `shop-prod-main-release-0000000${i}`),
    );
  });
});

describe("a look at a deployment", () => {
  const site = {
    name: "web_web",
    application: "web",
    host: "shop.example.org",
    aliases: ["www.shop.example.org"],
    path: "/up",
    login: false,
  };
  const look = {
    do: "verify",
    sites: [site],
    databases: ["shop-prod-main"],
    values: { web: { API_URL: "https://api.prod.example.org" } },
    runtimeScripts: { web: [] as string[] },
    migrated: [] as object[],
  };
  const ok = (body = "") => new Response(body, { status: 200 });
  const to = (location: string) => new Response(null, { status: 301, headers: { location } });

  const well = (more: FakeInside["pages"] = {}) =>
    inside({
      databases: { "shop-prod-main": "available" },
      pages: {
        "https://shop.example.org/up": () => ok(),
        "https://www.shop.example.org/up": () => to("https://shop.example.org/up"),
        "https://shop.example.org/": () => ok("<h1>Shop</h1>"),
        ...more,
      },
    });

  test("says when, and which addresses answered", async () => {
    assert.deepEqual(await well().call(look), {
      at: "2026-11-22T12:00:00.000Z",
      urls: ["https://shop.example.org/up", "https://www.shop.example.org/up"],
      baked: [],
    });
  });

  test("waits for what is not well yet", async () => {
    const cloud = well();
    let calls = 0;
    cloud.pages["https://shop.example.org/up"] = () =>
      ++calls < 4 ? new Response("", { status: 503 }) : ok();
    assert.equal((await cloud.call(look)).at, "2026-11-22T12:00:30.000Z");
  });

  test("fails after five minutes, and says all that is wrong and how to restore", async () => {
    const cloud = well({ "https://shop.example.org/up": () => new Response("", { status: 502 }) });
    delete cloud.pages["https://www.shop.example.org/up"];
    cloud.databases["shop-prod-main"] = "failed";
    const error = String(await cloud.call({ ...look, migrated: [BACKUP] }).catch(({ message }) => message));
    assert.match(error, /shop\.example\.org\/up: it answers 502/);
    assert.match(error, /www\.shop\.example\.org\/up: it does not answer \(ENOTFOUND\)/);
    assert.match(error, /database shop-prod-main is failed/);
    assert.match(error, RESTORE);
    assert.ok(error.endsWith(restoreWords([BACKUP])));
    assert.ok(cloud.now - NOW >= 300_000);
    assert.doesNotMatch(String(await cloud.call(look).catch(({ message }) => message)), RESTORE);
  });

  test("does not take a maintenance for a failure, nor for something that it saw", async () => {
    const closed = () => new Response("", { status: 503, headers: { "X-Tandem-Maintenance": "web" } });
    const pages = { "https://shop.example.org/up": closed, "https://www.shop.example.org/up": closed };
    assert.deepEqual(await well(pages).call(look), { at: "2026-11-22T12:00:00.000Z", urls: [], baked: [] });
  });

  test("takes a login for an answer, and looks at no page behind it", async () => {
    const cloud = well({ "https://shop.example.org/up": () => to("https://login.example.com/") });
    delete cloud.pages["https://shop.example.org/"];
    await cloud.call({ ...look, sites: [{ ...site, login: true }] });
  });

  const page = `<script src="/app.js?v=1&amp;w=2"></script><script src='/run/env.js'></script>
    <link rel="stylesheet" href=/style.css><link rel=icon href="/icon.js">
    <script src="https://cdn.example.net/lib.js"></script>`;
  const built = () =>
    well({
      "https://shop.example.org/": () => to("/fr/"),
      "https://shop.example.org/fr/": () => ok(page),
      "https://shop.example.org/app.js?v=1&w=2": () =>
        ok(String.raw`fetch("https:\/\/api.prod.example.org\/v1"); go("https://shop.example.org")`),
      "https://shop.example.org/run/env.js": () => ok(`api = "https://api.prod.example.org"`),
      "https://shop.example.org/style.css": () => ok("a { background: url(//img.shop.example.org/a.png) }"),
      "https://shop.example.org/icon.js": () => ok("shop.example.org"),
      "https://cdn.example.net/lib.js": () => ok("shop.example.org"),
    });

  test("finds what is baked into the page's own scripts and styles, by name and never by value", async () => {
    const answer = await built().call(look);
    assert.deepEqual(answer.baked, [
      { application: "web", file: "/app.js", carries: ["host", "API_URL"] },
      { application: "web", file: "/run/env.js", carries: ["API_URL"] },
    ]);
    assert.doesNotMatch(JSON.stringify(answer.baked), /api\.prod/);
  });

  test("leaves out what the application makes while it runs", async () => {
    const { baked } = await built().call({ ...look, runtimeScripts: { web: ["/run/env.js", "/app.js"] } });
    assert.deepEqual(baked, []);
  });
});

test("anything else is refused by name", async () => {
  await assert.rejects(inside().call({ do: "dance" }), /"dance" is nothing that this function does/);
});
