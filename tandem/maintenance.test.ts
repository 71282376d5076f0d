import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { Cloud } from "../rehearsal/cloud";
import { CommandError } from "./errors";
import { close, open, passes, type Switchboard, states } from "./maintenance";
import { rehearsedSwitches, type Switches } from "./switches";
import { type AwsAnswer, realSwitches } from "./switches-real";

const NOW = "2026-12-01T08:00:00.000Z";
const PLANNED = { from: "2026-12-01T08:00:00+01:00", until: "2026-12-01T12:00:00+01:00" };

function board(maintenance: object = {}, now = NOW): Switchboard & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  const switches: Switches = {
    read: async (application) => kept.get(application),
    write: async (application, text) => void kept.set(application, text),
    remove: async (application) => void kept.delete(application),
    key: async () => "k".repeat(48),
  };
  const office = { processes: { web: { host: "office.shop.example" } }, maintenance };
  const hidden = { processes: { worker: {} } };
  const settings = parse(raw({ shared: { applications: { "back-office": office, hidden } } }));
  return { settings, switches, now, kept };
}

describe("closing", () => {
  test("writes until when, since when and by whom, and says when it ends", async () => {
    const desk = board();
    const said = await close(desk, "web", { minutes: 90 }, "ada");
    assert.deepEqual(JSON.parse(desk.kept.get("web") ?? ""), {
      until: "2026-12-01T09:30:00Z",
      since: "2026-12-01T08:00:00Z",
      by: "ada",
    });
    assert.match(said, /^web in prod is closed until 2026-12-01 09:30 UTC, by itself\./);
  });

  test("takes an hour, or until an instant", async () => {
    const desk = board();
    await close(desk, "web", {}, "ada");
    assert.match(String(desk.kept.get("web")), /"until":"2026-12-01T09:00:00Z"/);
    await close(desk, "web", { until: "2026-12-01T11:15:00+01:00" }, "ada");
    assert.match(String(desk.kept.get("web")), /"until":"2026-12-01T10:15:00Z"/);
  });

  for (const [what, application, length, message] of [
    [
      "a misspelt application",
      "wep",
      {},
      /no application wep.*Did you mean web\? There are: back-office, web/,
    ],
    ["one that nobody reaches", "hidden", {}, /no application hidden/],
    ["no minutes", "web", { minutes: 0 }, /--minutes is 0; allowed: a whole number from 1 to 1440/],
    ["half a minute", "web", { minutes: 0.5 }, /--minutes is 0\.5/],
    ["no number", "web", { minutes: Number.NaN }, /--minutes is NaN/],
    ["more than a day", "web", { minutes: 1441 }, /What takes longer is planned/],
    ["no instant", "web", { until: "noon" }, /--until is "noon"; allowed: an instant with its offset/],
    [
      "an instant without offset",
      "web",
      { until: "2026-12-01T12:00:00" },
      /allowed: an instant with its offset/,
    ],
    ["the past", "web", { until: "2026-12-01T08:00:00Z" }, /allowed: within a day from now/],
    ["next week", "web", { until: "2026-12-08T08:00:00Z" }, /allowed: within a day from now/],
    ["both", "web", { minutes: 5, until: "2026-12-01T09:00:00Z" }, /name one of them/],
  ] as const)
    test(`with ${what} is refused, and nothing is written`, async () => {
      const desk = board();
      await assert.rejects(close(desk, application, length, "ada"), (error) => {
        assert.ok(error instanceof CommandError);
        assert.equal(error.exitCode, 2);
        assert.match(error.message, message);
        return true;
      });
      assert.equal(desk.kept.size, 0);
    });
});

test("a command that was interrupted is repeated as it is: its one write is done or not, and twice is once", async () => {
  const desk = board();
  const failing = async () => assert.fail("interrupted");
  const cut = { ...desk, switches: { ...desk.switches, write: failing, remove: failing } };
  await assert.rejects(close(cut, "web", {}, "ada"), /interrupted/);
  assert.equal(desk.kept.size, 0);
  await close(desk, "web", {}, "ada");
  const once = desk.kept.get("web");
  await close(desk, "web", {}, "ada");
  assert.equal(desk.kept.get("web"), once);
  await assert.rejects(open(cut, "web"), /interrupted/);
  assert.equal(desk.kept.get("web"), once);
  await open(desk, "web");
  await open(desk, "web");
  assert.equal(desk.kept.size, 0);
});

test("opening takes the switch away, and says where the configuration keeps it closed", async () => {
  const desk = board(PLANNED);
  await close(desk, "back-office", {}, "ada");
  assert.match(
    await open(desk, "back-office"),
    /the switch is off, and it stays closed until 2026-12-01 11:00 UTC: its configuration/,
  );
  assert.match(await open(desk, "web"), /The public sees the application within a minute/);
  assert.equal(desk.kept.size, 0);
});

test("the list says of each application whether it is closed, by what, and until when", async () => {
  const desk = board(PLANNED);
  await close(desk, "web", {}, "ada");
  assert.deepEqual(await states(desk), [
    "prod     back-office          closed by configuration until 2026-12-01 11:00 UTC",
    "prod     web                  closed until 2026-12-01 09:00 UTC by ada",
  ]);
  desk.kept.set("web", "nonsense");
  const before = { ...desk, now: "2026-12-01T06:00:00.000Z" };
  assert.deepEqual(await states(before), [
    "prod     back-office          planned from 2026-12-01 07:00 UTC until 2026-12-01 11:00 UTC",
    "prod     web                  its switch cannot be read: open",
  ]);
  desk.kept.clear();
  assert.match((await states({ ...desk, now: "2026-12-02T00:00:00.000Z" })).join("\n"), /open\n.*open$/);
});

test("a pass is a link for each host", async () => {
  const said = await passes(board(), "web", { minutes: 10 });
  const links = said.split("\n").slice(1);
  assert.equal(links.length, 2);
  assert.match(
    String(links[0]),
    /^ {2}https:\/\/shop\.example\/\.well-known\/tandem\/pass\?until=1796112600&signature=[0-9a-f]{64}$/,
  );
});

test("without a rehearsal there is nothing to turn, and the remedy is said", () => {
  const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
  const empty = { zones: {}, repositories: {}, users: {}, verifiedMail: [], images: {}, databases: {} };
  assert.throws(() => rehearsedSwitches(Cloud.empty(empty), scope), /npx tandem rehearse brings it up/);
});

describe("in the real clouds", () => {
  const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
  const done: AwsAnswer = { code: 0, stdout: "the-key\n", stderr: "" };

  function desk(answer: AwsAnswer = done) {
    const asked: string[][] = [];
    const switches = realSwitches("shop-switches", scope, async (words) => {
      asked.push([...words]);
      return answer;
    });
    return { asked, switches };
  }

  test("the AWS CLI is asked for one object, in the environment's region", async () => {
    const { asked, switches } = desk();
    await switches.write("web", "{}");
    await switches.remove("web");
    assert.equal(await switches.key(), "the-key");
    const where = ["--bucket", "shop-switches", "--key", "maintenance/web.json"];
    assert.deepEqual(asked[0]?.slice(0, 6), ["s3api", "put-object", ...where]);
    assert.deepEqual(asked[1], ["s3api", "delete-object", ...where, "--region", "eu-west-3"]);
    assert.ok(asked[2]?.includes("/shop/prod/maintenance-key"));
  });

  test("a switch that is not there is off; any other refusal is said", async () => {
    const none = { code: 254, stdout: "", stderr: "An error occurred (NoSuchKey) when calling GetObject" };
    assert.equal(await desk(none).switches.read("web"), undefined);
    const denied = { code: 254, stdout: "", stderr: "An error occurred (AccessDenied)" };
    await assert.rejects(desk(denied).switches.read("web"), /AWS refused: .*AccessDenied/);
    await assert.rejects(desk(denied).switches.write("web", "{}"), CommandError);
  });

  test("without the AWS CLI that is what is said", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nowhere";
    try {
      await assert.rejects(realSwitches("b", scope).remove("web"), /needs the AWS CLI.*Nothing was touched/);
    } finally {
      process.env.PATH = path;
    }
  });
});
