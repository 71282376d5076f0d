/**
 * Makes a database's second user what it is to be, as a Lambda function. Credentials come with the call; none is
 * logged and none is in the answer. `connect` is handed in, so that tests need no database.
 */

/** Lambda's way in. The driver carries the certificates of RDS. */
exports.handler = (event) =>
  exports.secondUser(event, {
    connect: (options) => require("mysql2/promise").createConnection({ ...options, ssl: "Amazon RDS" }),
    wait: (seconds) => new Promise((done) => setTimeout(done, seconds * 1000)),
  });

/** Creates or changes the user, or locks it; done twice, it is the same. */
exports.secondUser = async ({ host, port, schema, admin, user, password, locked }, { connect, wait }) => {
  refuseStrange({ schema, user, password });
  const connection = await connected({ host, port, ...admin }, connect, wait);
  try {
    const account = `'${user}'@'%'`;
    if (locked) {
      await connection.query(`ALTER USER IF EXISTS ${account} ACCOUNT LOCK`);
      return { user, locked: true };
    }
    await connection.query(`CREATE USER IF NOT EXISTS ${account} IDENTIFIED BY '${password}'`);
    await connection.query(`ALTER USER ${account} IDENTIFIED BY '${password}' REQUIRE SSL ACCOUNT UNLOCK`);
    for (const where of await placesOf(schema, connection))
      await connection.query(`GRANT ${RIGHTS} ON ${where} TO ${account}`);
    return { user, locked: false };
  } catch (error) {
    // The driver's own message may quote the statement, and the statement holds the password.
    throw new Error(`${user} could not be ${locked ? "locked" : "set"}: ${error.code ?? "unknown error"}`);
  } finally {
    await connection.end();
  }
};

/** All that there is for data: restores make, fill and drop schemas as this user. RDS lets no user grant "ALL". */
const RIGHTS =
  "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, " +
  "EXECUTE, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EVENT, TRIGGER";

/**
 * The first schema and those that are restored beside it, whose names begin with its own, and drills. A server with
 * partial revokes reads no patterns; there the server's own schemas are withheld from whoever grants, and so from
 * whom it grants to.
 */
async function placesOf(schema, connection) {
  const [found] = await connection.query("SHOW VARIABLES LIKE 'partial_revokes'");
  if (found[0]?.Value === "ON") return ["*.*"];
  // An underscore in a grant stands for any character, unless it is escaped.
  return [schema.slice(0, 40), "tandem_drill"].map((begin) => `\`${begin.replaceAll("_", "\\_")}%\`.*`);
}

/** RDS takes a new password over some seconds after it has said so. */
const TRIES = 12;
const PAUSE = 5;

async function connected({ host, port, user, password }, connect, wait) {
  for (let tried = 1; ; tried += 1)
    try {
      return await connect({ host, port, user, password });
    } catch (error) {
      if (error.code !== "ER_ACCESS_DENIED_ERROR" || tried === TRIES)
        throw new Error(`${user} cannot connect to ${host}:${port}: ${error.code ?? "unknown error"}`);
      await wait(PAUSE);
    }
}

/** What stands in a statement is only what needs no quoting there. */
function refuseStrange({ schema, user, password }) {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(schema)) throw new Error(`"${schema}" is no schema's name`);
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(user)) throw new Error(`"${user}" is no user's name`);
  if (password !== undefined && !/^[A-Za-z0-9]{20,}$/.test(password))
    throw new Error(`the password of ${user} is not of letters and digits`);
}
