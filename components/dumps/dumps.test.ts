import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import type { RowDataPacket } from "mysql2/promise";
import { rulesOf } from "../dumps-task";
import { FILLED, LARGE, PEOPLE, TEXTS } from "./data.test-helper";
import { PASSWORD, type Ran, SKIP, Stand } from "./stand.test-helper";

let stand: Stand;

test("rows are counted alike in the words of both clients", { skip: SKIP }, () => {
  const values = [`(1,'a ), (\\'b','x\\\\'),(2,NULL,'(')`, "(3,_binary '\\0),(',0x28),(4,'','')"];
  const text = (between: string) => `LOCK TABLES \`o, (b)\` WRITE;
/*!40000 ALTER TABLE \`o, (b)\` DISABLE KEYS */;
INSERT INTO \`o, (b)\` (\`id\`, \`VALUES (\`, \`c\`) VALUES${between}${values.join(`,${between.trim()}${between === " " ? "" : "\n"}`)};
UNLOCK TABLES;
LOCK TABLES \`none\` WRITE;
UNLOCK TABLES;
CREATE PROCEDURE p() BEGIN
INSERT INTO \`none\` VALUES (1);
END;
`;
  for (const between of [" ", "\n"]) {
    const script = `source ${join(__dirname, "dumping.sh")}; count_rows`;
    const ran = spawnSync("bash", ["-c", script], {
      input: text(between),
      encoding: "utf8",
      env: { PATH: process.env.PATH, LC_ALL: "C" },
    });
    assert.equal(ran.stdout, "0\tnone\n4\to, (b)\n", ran.stderr);
  }
});

const rows = async (query: string) => (await stand.root.query<RowDataPacket[]>(query))[0];
const names = async (query: string) => (await rows(query)).map((row) => Object.values(row)[0] as string);
const tablesOf = (schema: string) =>
  names(`SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${schema}'
    AND TABLE_TYPE = 'BASE TABLE' AND TABLE_NAME NOT LIKE '\\_tandem%' ORDER BY 1`);

/** All of a schema's data as the server itself sums it up, and all of its programs. */
async function picture(schema: string) {
  const tables = await tablesOf(schema);
  const sums = await rows(`CHECKSUM TABLE ${tables.map((table) => `\`${schema}\`.\`${table}\``).join(", ")}`);
  const of = (what: string, plural = `${what}S`) =>
    rows(
      `SELECT * FROM (SELECT ${COLUMNS[what]} FROM information_schema.${plural} WHERE ${what}_SCHEMA = '${schema}') x ORDER BY 1`,
    );
  return {
    sums: Object.fromEntries(sums.map(({ Table, Checksum }) => [String(Table).split(".")[1], Checksum])),
    keys: await rows(`SELECT CONSTRAINT_NAME, TABLE_NAME, REFERENCED_TABLE_NAME, DELETE_RULE
      FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = '${schema}' ORDER BY 1`),
    triggers: await of("TRIGGER"),
    routines: await of("ROUTINE"),
    events: await of("EVENT"),
    views: await names(
      `SELECT TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = '${schema}' ORDER BY 1`,
    ),
  };
}
const COLUMNS: Record<string, string> = {
  TRIGGER: "TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_STATEMENT",
  ROUTINE: "ROUTINE_NAME, ROUTINE_DEFINITION",
  EVENT: "EVENT_NAME, EVENT_DEFINITION",
};

const problems = ({ answer }: Ran) => answer.problems.join("\n");

before(async () => {
  if (SKIP) return;
  stand = await Stand.begin();
  await stand.root.query("CREATE USER app@'%' IDENTIFIED BY ?; GRANT ALL ON *.* TO app@'%'", [PASSWORD]);
});
after(() => stand?.end());

describe("100,000 rows of a real server", { skip: SKIP }, () => {
  const large = { DATABASE: "large", SCHEMA: "large" };
  let taken: Ran;
  before(async () => {
    await stand.root.query(LARGE);
    for (const [place, word] of TEXTS.entries())
      await stand.root.query("INSERT INTO text VALUES (?, ?)", [place, word]);
    await stand.root.query(FILLED);
    taken = await stand.task("dump", { environment: large });
  });

  test("become a dump with its manifest, counted and measured", async () => {
    assert.equal(taken.ok, true, taken.log);
    const manifest = JSON.parse(readFileSync(stand.object(`${taken.answer.backup}/manifest.json`), "utf8"));
    assert.deepEqual(manifest.rows, {
      customer: 60_000,
      django_migrations: 2,
      nothing_yet: 0,
      "order, of (b)": 40_000,
      text: 9,
    });
    assert.equal(manifest.head, "shop.0002_orders");
    assert.equal(manifest.bytes, readFileSync(stand.object(`${taken.answer.backup}/dump.sql.gz`)).length);
    assert.equal(taken.log.includes("Sentinel"), false, "the password is in no log");
  });

  test("are identical after a restore beside: data, keys, views, routines, triggers; and events sleep", async () => {
    const { ok, log, answer } = await stand.task("restore", { environment: large });
    assert.equal(ok, true, log);
    const [original, restored] = [await picture("large"), await picture(answer.into as string)];
    assert.deepEqual(restored, original);
    assert.equal(original.keys.length + original.triggers.length + original.routines.length, 4);
    assert.deepEqual([answer.rows, answer.tables, answer.kept], [100_011, 5, true]);
    assert.deepEqual(
      await names(`SELECT STATUS FROM information_schema.EVENTS WHERE EVENT_SCHEMA = '${answer.into}'`),
      ["DISABLED"],
    );
  });
});

const ANONYMOUS = rulesOf({
  person: {
    id: { action: "keep" },
    mail: { action: "mail" },
    full_name: { action: "name" },
    story: { action: "text" },
    phone: { action: "hash" },
    badge: { action: "hash" },
    secret_note: { action: "null" },
    house: { action: "value", value: 'it\'s "one"' },
    changed: { action: "keep" },
  },
  letter: { id: { action: "keep" }, writer: { action: "mail" } },
  session: "empty",
  trace: "drop",
  kept: { id: { action: "keep" }, word: { action: "keep" } },
  django_migrations: { id: { action: "keep" }, app: { action: "keep" }, name: { action: "keep" } },
});

describe("a small schema of a real server", { skip: SKIP }, () => {
  let taken: Ran;
  let whole: Awaited<ReturnType<typeof picture>>;
  before(async () => {
    await stand.root.query(PEOPLE);
    whole = await picture("shop");
    taken = await stand.task("dump");
    assert.equal(taken.ok, true, taken.log);
  });

  /** A copy of the good dump under another time, spoilt. */
  function spoilt(at: string, spoil: (files: { dump: string; manifest: string }) => void) {
    const backup = `dumps/main/${at}`;
    cpSync(stand.object(taken.answer.backup as string), stand.object(backup), { recursive: true });
    spoil({
      dump: stand.object(`${backup}/dump.sql.gz`),
      manifest: stand.object(`${backup}/manifest.json`),
    });
    return { backup, forget: () => rmSync(stand.object(backup), { recursive: true }) };
  }
  const said = (file: string, from: string | RegExp, to: string) =>
    writeFileSync(file, readFileSync(file, "utf8").replace(from, to));

  for (const [what, spoil, environment, reason] of [
    ["truncated", ({ dump }) => truncateSync(dump, 900), {}, /truncated[\s\S]*checksum/],
    ["empty", ({ dump }) => truncateSync(dump, 0), {}, /It is empty/],
    [
      "tampered with",
      ({ dump }) =>
        writeFileSync(dump, gzipSync(gunzipSync(readFileSync(dump)).toString("latin1").replace("1", "2"))),
      {},
      /checksum is not its manifest's/,
    ],
    [
      "stale",
      ({ manifest }) => said(manifest, /"time": "\d{4}/, '"time": "2020'),
      { MAX_AGE: "86400" },
      /stale: \d+ seconds old, and at most 86400/,
    ],
    [
      "of another environment",
      ({ manifest }) => said(manifest, '"prod"', '"sandbox"'),
      {},
      /environment sandbox[\s\S]*--from-environment/,
    ],
    [
      "of another project",
      ({ manifest }) => said(manifest, '"project": "shop"', '"project": "other"'),
      {},
      /project other/,
    ],
    [
      "without some of its rows",
      ({ manifest }) => said(manifest, '"kept": 1', '"kept": 2'),
      {},
      /not those of its manifest/,
    ],
    ["without its manifest", ({ manifest }) => rmSync(manifest), {}, /no manifest/],
    ["with half a manifest", ({ manifest }) => truncateSync(manifest, 300), {}, /not whole|no manifest/],
  ] as readonly (readonly [
    string,
    (files: { dump: string; manifest: string }) => void,
    Record<string, string>,
    RegExp,
  ])[])
    test(`a dump ${what} is refused, and nothing is written`, async () => {
      const { backup, forget } = spoilt("20200101T000000Z", spoil);
      const schemas = await names("SHOW DATABASES");
      const ran = await stand.task("restore", { environment: { BACKUP: backup, ...environment } });
      forget();
      assert.equal(ran.ok, false);
      assert.match(problems(ran), reason);
      assert.deepEqual(await names("SHOW DATABASES"), schemas);
    });

  test("another environment's is restored where that is asked for", async () => {
    const { backup, forget } = spoilt("20200101T000000Z", ({ manifest }) =>
      said(manifest, '"prod"', '"sandbox"'),
    );
    const asked = { BACKUP: backup, FROM_ENVIRONMENT: "sandbox", INTO: "asked_for", THROW_AWAY: "yes" };
    const ran = await stand.task("restore", { environment: asked });
    forget();
    assert.equal(ran.ok, true, ran.log);
    assert.deepEqual(await tablesOf("asked_for"), []);
  });

  for (const into of ["shop", "neighbour"])
    test(`a restore into ${into}, which holds data, is refused`, async () => {
      await stand.root.query(
        "CREATE DATABASE IF NOT EXISTS neighbour; CREATE TABLE IF NOT EXISTS neighbour.mine (id INT)",
      );
      const ran = await stand.task("restore", { environment: { INTO: into } });
      assert.match(problems(ran), /beside it|not touched/);
      assert.deepEqual(await picture("shop"), whole);
      assert.deepEqual(await tablesOf("neighbour"), ["mine"]);
    });

  test("what a restore left is no other restore's to change: it may have been served since", async () => {
    const first = await stand.task("restore");
    const into = String(first.answer.into);
    assert.match(into, /^shop_\d{8}T\d{6}$/, first.log);
    assert.equal((await stand.task("restore")).ok, true, "done twice, it is the same");
    const thrown = await stand.task("restore", { environment: { INTO: into, THROW_AWAY: "yes" } });
    assert.match(problems(thrown), /what another restore left/);
    await stand.root.query(`INSERT INTO ${into}.kept VALUES (7, 'since')`);
    const changed = await picture(into);
    assert.match(problems(await stand.task("restore")), /has changed since: it is not touched/);
    assert.deepEqual(await picture(into), changed);
    await stand.root.query(`DROP DATABASE ${into}`);
  });

  test("a drill leaves a report of its own, and nothing else", async () => {
    const schemas = await names("SHOW DATABASES");
    const ran = await stand.task("restore", { environment: { INTO: "tandem_drill", THROW_AWAY: "yes" } });
    assert.equal(ran.ok, true, ran.log);
    assert.ok(readdirSync(stand.object("reports/main")).some((name) => name.endsWith("-drill.json")));
    assert.deepEqual(await names("SHOW DATABASES"), schemas);
  });

  test("a dump that shrank is kept, told, and not what `latest` means", async () => {
    await stand.root.query("CREATE DATABASE small; CREATE TABLE small.kept (id INT PRIMARY KEY)");
    const ran = await stand.task("dump", { environment: { SCHEMA: "small" } });
    assert.equal(ran.ok, false);
    assert.match(
      problems(ran),
      /doubtful: it has \d+ bytes, less than 50 %[\s\S]*kept had 1 rows and has none/,
    );
    assert.ok(existsSync(stand.object(`${ran.answer.backup}/manifest.json`)));
    const drill = await stand.task("restore", { environment: { INTO: "drill", THROW_AWAY: "yes" } });
    assert.equal(drill.answer.backup, taken.answer.backup, drill.log);
    rmSync(stand.object(ran.answer.backup as string), { recursive: true });
  });

  test("a schema without tables, and a server that is not there, leave no dump", async () => {
    const count = () => readdirSync(stand.object("dumps/main")).length;
    const stood = count();
    await stand.root.query("CREATE DATABASE bare");
    const empty = await stand.task("dump", { environment: { SCHEMA: "bare" } });
    assert.match(problems(empty), /no table/);
    const gone = await stand.task("dump", { environment: { DB_PORT: "1" } });
    assert.deepEqual([empty.ok, gone.ok, count()], [false, false, stood]);
  });

  for (const [container, call] of [
    ["dump", 7],
    ["upload", 2],
  ] as const)
    test(`a dump that is ended in ${container} is none, and the next one is whole`, async () => {
      const stood = new Set(readdirSync(stand.object("dumps/main")));
      const killed = await stand.task("dump", { kill: { container, call } });
      assert.deepEqual(killed.answer.problems, ["killed"]);
      const fresh = () => readdirSync(stand.object("dumps/main")).filter((name) => !stood.has(name));
      for (const name of fresh()) {
        assert.equal(existsSync(stand.object(`dumps/main/${name}/manifest.json`)), false);
        rmSync(stand.object(`dumps/main/${name}`), { recursive: true });
      }
      const next = await stand.task("dump");
      assert.equal(next.ok, true, next.log);
      for (const name of fresh()) rmSync(stand.object(`dumps/main/${name}`), { recursive: true });
    });

  for (const [where, call] of [
    ["before the first table", 5],
    ["before views and triggers", 7],
  ] as const)
    test(`a restore that is ended ${where} is finished by the next one`, async () => {
      const environment = { INTO: "interrupted" };
      const killed = await stand.task("restore", { environment, kill: { container: "restore", call } });
      assert.deepEqual(killed.answer.problems, ["killed"]);
      const next = await stand.task("restore", { environment });
      assert.equal(next.ok, true, next.log);
      assert.deepEqual(await picture("interrupted"), whole);
      assert.deepEqual(await picture("shop"), whole);
      await stand.root.query("DROP DATABASE interrupted");
    });

  test("tables and columns that the rules do not know end it, all of them at once", async () => {
    const RULES = rulesOf({
      person: {
        mail: { action: "mail" },
        full_name: { action: "null" },
        id: { action: "mail" },
        age: { action: "keep" },
      },
      lost: "drop",
      session: "empty",
      kept: { id: { action: "null" }, word: { action: "hash" } },
    });
    const ran = await stand.task("anonymise", { environment: { RULES } });
    for (const line of [
      "table letter is not declared",
      "table trace is not declared",
      "table lost is declared and does not exist",
      "column person.story is not declared",
      "column person.badge is not declared",
      "column person.age is declared and does not exist",
      "column person.id (int) cannot be mail",
      "column kept.id (int) cannot be null: it is NOT NULL",
    ])
      assert.ok(problems(ran).includes(`backups.anonymise.main: ${line}`), `${line}\n${ran.log}`);
    assert.equal(problems(ran).includes("domain"), false, "what the database computes needs no rule");
    assert.equal(existsSync(stand.object("anonymised")), false);
    assert.equal((await names("SHOW DATABASES")).includes("shop_anonymised"), false);
  });

  describe("anonymised", () => {
    let made: Ran;
    let calls: number;
    const text = () =>
      gunzipSync(readFileSync(stand.object(`${made.answer.anonymised}/dump.sql.gz`))).toString();
    before(async () => {
      made = await stand.task("anonymise", { environment: { RULES: ANONYMOUS } });
    });

    test("has no value of anybody in it", async () => {
      assert.equal(made.ok, true, made.log);
      assert.equal(/sentinel/i.test(text()), false);
      // Binary values stand in hexadecimal.
      assert.equal(
        text().toLowerCase().includes(Buffer.from("SENTINEL").toString("hex").toLowerCase()),
        false,
      );
      assert.equal(/77000000\d\d/.test(text()), false);
      assert.deepEqual(await picture("shop"), whole);
    });

    test("comes into the sandbox with its joins, and what stood before is kept", async () => {
      await stand.root.query(`CREATE DATABASE box CHARACTER SET utf8mb4; USE box;
        CREATE TABLE person (id INT PRIMARY KEY, old VARCHAR(9)); INSERT INTO person VALUES (1, 'old');
        CREATE TABLE only_here (id INT, person INT, FOREIGN KEY (person) REFERENCES person (id));
        CREATE TRIGGER olds BEFORE INSERT ON person FOR EACH ROW SET NEW.old = 'new'; CREATE VIEW olds_view AS SELECT old FROM person;`);
      const formerly = await picture("box");
      const environment = { ENVIRONMENT: "sandbox", SCHEMA: "box", FROM_ENVIRONMENT: "prod" };
      const ran = await stand.task("refresh", { environment });
      calls = ran.calls.refresh as number;
      assert.equal(ran.ok, true, ran.log);
      assert.deepEqual(await tablesOf("box"), ["django_migrations", "kept", "letter", "person", "session"]);
      assert.deepEqual(await picture("box_before"), formerly);
      const [joined] =
        await rows(`SELECT COUNT(*) AS n, COUNT(DISTINCT p.mail) AS mails, COUNT(DISTINCT p.phone) AS phones,
        COUNT(DISTINCT p.badge) AS badges, COUNT(p.secret_note) AS notes, MIN(p.house) AS house, MAX(p.changed) AS changed,
        SUM(p.domain = 'example.invalid') AS domains, SUM(p.phone = '') AS blank, SUM(p.story IS NULL) AS untold
        FROM box.person p JOIN box.letter l ON l.writer = p.mail`);
      assert.deepEqual(
        { ...joined, changed: undefined },
        {
          n: 50,
          mails: 50,
          phones: 27,
          badges: 50,
          notes: 0,
          house: 'it\'s "one"',
          changed: undefined,
          domains: "50",
          blank: "1",
          untold: "1",
        },
      );
      assert.equal(new Date(joined?.changed).getFullYear(), 2020);
      assert.deepEqual(
        await names("SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = 'box'"),
        ["letters"],
      );
      assert.deepEqual(await names("SELECT word FROM box.kept"), ["Größe"]);
      assert.equal((await rows("SELECT * FROM box.people")).length, 50);
      assert.equal((await names("SHOW DATABASES")).includes("box_next"), false);
    });

    test("a dump with people in it never comes into the sandbox", async () => {
      const stood = await picture("box");
      const environment = {
        ENVIRONMENT: "sandbox",
        SCHEMA: "box",
        FROM_ENVIRONMENT: "prod",
        BACKUP: taken.answer.backup as string,
      };
      assert.match(problems(await stand.task("refresh", { environment })), /not anonymised/);
      assert.deepEqual(await picture("box"), stood);
    });

    // From the end: the clean-up, what runs by itself, the one statement that moves the tables.
    for (const [where, fromEnd] of [
      ["before it cleans up", 1],
      ["with tables and without triggers", 5],
      ["before the tables move", 7],
    ] as const)
      test(`a refresh that is ended ${where} is finished by the next one`, async () => {
        const environment = { ENVIRONMENT: "sandbox", SCHEMA: "box", FROM_ENVIRONMENT: "prod" };
        const call = calls - fromEnd + 1;
        const killed = await stand.task("refresh", { environment, kill: { container: "refresh", call } });
        assert.deepEqual(killed.answer.problems, ["killed"]);
        const tables = await tablesOf("box");
        assert.equal(tables.length, 5, `all or nothing: ${tables}`);
        assert.ok((await names("SHOW DATABASES")).includes("box_next"));
        const next = await stand.task("refresh", { environment });
        assert.equal(next.ok, true, next.log);
        const { triggers, views } = await picture("box");
        assert.deepEqual([triggers.length, views], [1, ["people"]]);
        assert.equal((await names("SHOW DATABASES")).includes("box_next"), false);
        assert.deepEqual(await tablesOf("box_before"), tables);
      });
  });
});
