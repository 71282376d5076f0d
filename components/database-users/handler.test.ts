import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, test } from "node:test";
import { type Connection, createConnection } from "mysql2/promise";

interface Event {
  host: string;
  port: number;
  schema: string;
  admin: { user: string; password: string };
  user: string;
  password?: string;
  locked?: boolean;
}
interface Around {
  connect: (options: object) => Promise<unknown>;
  wait: (seconds: number) => Promise<void>;
}
const { secondUser } = require("./handler.js") as {
  secondUser(event: Event, around: Around): Promise<{ user: string; locked: boolean }>;
};

const PASSWORD = "SentinelPassword1234567890";
const event: Event = {
  host: "127.0.0.1",
  port: 3306,
  schema: "OC_Pizza",
  admin: { user: "app", password: "AdminSentinel123456789012" },
  user: "app_2",
  password: PASSWORD,
};
const LOCK: Event = { ...event, locked: true };
delete LOCK.password;

const error = (code: string) => Object.assign(new Error(`near '${PASSWORD}'`), { code });
const never = async () => assert.fail("nothing was to be waited for");

const RIGHTS =
  "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, " +
  "EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";

/** A connection that remembers what it was told. */
function recording(fail?: string, partialRevokes?: "ON" | "OFF") {
  const told: string[] = [];
  const connection = {
    query: async (statement: string) => {
      if (statement.startsWith("SHOW"))
        return [partialRevokes === undefined ? [] : [{ Value: partialRevokes }]];
      told.push(statement);
      if (fail !== undefined) throw error(fail);
      return [[]];
    },
    end: async () => told.push("end"),
  };
  return { told, around: { connect: async () => connection, wait: never } };
}

describe("the second user", () => {
  test("gets its password, encrypted connections, its own schema and what is restored beside it", async () => {
    const { told, around } = recording();
    assert.deepEqual(await secondUser(event, around), { user: "app_2", locked: false });
    assert.deepEqual(told, [
      `CREATE USER IF NOT EXISTS 'app_2'@'%' IDENTIFIED BY '${PASSWORD}'`,
      `ALTER USER 'app_2'@'%' IDENTIFIED BY '${PASSWORD}' REQUIRE SSL ACCOUNT UNLOCK`,
      `${RIGHTS} ON \`OC\\_Pizza%\`.* TO 'app_2'@'%'`,
      `${RIGHTS} ON \`tandem\\_drill%\`.* TO 'app_2'@'%'`,
      "end",
    ]);
  });

  test("gets all data but the server's own where the server reads no patterns", async () => {
    const { told, around } = recording(undefined, "ON");
    await secondUser(event, around);
    assert.deepEqual(told.slice(2), [`${RIGHTS} ON *.* TO 'app_2'@'%'`, "end"]);
  });

  test("is locked, and not dropped: views that it made go on", async () => {
    const { told, around } = recording();
    assert.deepEqual(await secondUser(LOCK, around), { user: "app_2", locked: true });
    assert.deepEqual(told, ["ALTER USER IF EXISTS 'app_2'@'%' ACCOUNT LOCK", "end"]);
  });

  test("fails without the statement, which holds the password, and closes what it opened", async () => {
    const { told, around } = recording("ER_PARSE_ERROR");
    await assert.rejects(secondUser(event, around), { message: "app_2 could not be set: ER_PARSE_ERROR" });
    assert.equal(told.at(-1), "end");
  });

  test("waits for the instance to take its new password, and no longer than a minute", async () => {
    let [tries, waited] = [0, 0];
    const wait = async (seconds: number) => {
      waited += seconds;
    };
    const { around } = recording();
    const connect = async () => {
      tries += 1;
      if (tries < 3) throw error("ER_ACCESS_DENIED_ERROR");
      return around.connect();
    };
    await secondUser(event, { connect, wait });
    assert.deepEqual([tries, waited], [3, 10]);
    const refused = async () => {
      throw error("ER_ACCESS_DENIED_ERROR");
    };
    await assert.rejects(secondUser(event, { connect: refused, wait }), {
      message: "app cannot connect to 127.0.0.1:3306: ER_ACCESS_DENIED_ERROR",
    });
    assert.equal(waited, 10 + 55);
  });

  for (const [what, strange] of [
    ["a schema", { schema: "a`; DROP" }],
    ["a user", { user: "x'@'%" }],
    ["a password", { password: `${PASSWORD}'` }],
  ] as const)
    test(`${what} that would need quoting is refused before anybody connects`, async () => {
      await assert.rejects(
        secondUser({ ...event, ...strange }, { connect: never, wait: never }),
        (e: Error) => {
          assert.ok(!e.message.includes(PASSWORD));
          return true;
        },
      );
    });
});

/** A program on the PATH or where servers are kept. */
const found = (name: string) =>
  [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const SERVER = found("mariadbd");
const INSTALL = found("mariadb-install-db");

test("a real server obeys: both users enter, a locked one does not, and neither sees another schema", {
  skip: SERVER === undefined || INSTALL === undefined ? "mariadbd is not on this machine" : false,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "tandem-users-"));
  const port = await freePort();
  const own = [`--datadir=${join(folder, "data")}`, ...(process.getuid?.() === 0 ? ["--user=root"] : [])];
  const install = spawnSync(INSTALL as string, [
    "--no-defaults",
    "--auth-root-authentication-method=normal",
    ...own,
  ]);
  assert.equal(install.status, 0, String(install.stderr));
  const words = [
    "--no-defaults",
    "--skip-name-resolve",
    "--skip-networking=0",
    "--bind-address=127.0.0.1",
    `--port=${port}`,
    ...own,
  ];
  const server = spawn(SERVER as string, [...words, `--socket=${join(folder, "s")}`], { stdio: "ignore" });
  const ended = once(server, "exit");
  try {
    const root = await untilUp({ host: "127.0.0.1", port, user: "root" });
    await root.query("CREATE DATABASE OC_Pizza");
    await root.query("CREATE DATABASE OCxPizza");
    await root.query(`CREATE USER app@'%' IDENTIFIED BY '${event.admin.password}'`);
    await root.query("GRANT ALL PRIVILEGES ON *.* TO app@'%' WITH GRANT OPTION");
    await root.end();
    const around = { connect: (options: object) => createConnection(options), wait: never };
    const here = { ...event, port };
    await secondUser(here, around);
    await secondUser(here, around);

    const asApp = await createConnection({ host: "127.0.0.1", port, ...event.admin });
    // This server has no certificate: that encryption is asked for is looked at, then set aside.
    const [rows] = await asApp.query("SELECT ssl_type FROM mysql.user WHERE User = 'app_2'");
    assert.deepEqual(rows, [{ ssl_type: "ANY" }]);
    await asApp.query("ALTER USER app_2@'%' REQUIRE NONE");
    await asApp.end();
    const second = { host: "127.0.0.1", port, user: "app_2", password: PASSWORD };
    const asSecond = await createConnection({ ...second, database: "OC_Pizza" });
    await asSecond.query("CREATE TABLE pizza (id INT)");
    for (const beside of ["OC_Pizza_20261122T021700", "tandem_drill"]) {
      await asSecond.query(`CREATE DATABASE ${beside}`);
      await asSecond.query(`DROP DATABASE ${beside}`);
    }
    await assert.rejects(asSecond.query("CREATE TABLE OCxPizza.pizza (id INT)"), /denied/);
    await assert.rejects(asSecond.query("SELECT * FROM mysql.user"), /denied/);
    await asSecond.end();

    await secondUser({ ...LOCK, port }, around);
    await assert.rejects(createConnection(second), /locked/);
  } finally {
    server.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
});

async function untilUp(options: object): Promise<Connection> {
  for (let tried = 0; ; tried += 1)
    try {
      return await createConnection(options);
    } catch (failure) {
      if (tried === 100) throw failure;
      await new Promise((done) => setTimeout(done, 100));
    }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
