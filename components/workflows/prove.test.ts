import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bundle } from "./bundle";
import type { Proof } from "./proof";
import { proveJob } from "./prove";
import { runnerFolder, runStep, step } from "./run-step.test-helper";
import { expression, type RunStep } from "./workflow";

const WEB = { key: "web", directory: "." };
const MAIN = {
  key: "main",
  line: "8.4",
  schema: "OC_Pizza",
  user: "oc_pizza",
  prefix: "DB",
  url: "DATABASE_URL",
};
const proof: Proof = {
  variables: { ENV: "SANDBOX", GREETING: 'l\'été «à» 100% "#1"\n$HOME $(id) `id` \\n end ' },
  generated: ["SECRET_KEY"],
  given: ["MAP_KEY"],
  databases: [MAIN],
  release: ["sh", "-c", "migrate --noinput && echo 'it''s done'"],
  test: ["python", "manage.py", "test", "two words"],
  demoData: ["load", "demo"],
};
const job = proveJob("sandbox", WEB, proof);
const IMAGE = `images.test/web@sha256:${"a".repeat(64)}`;

/** Writes down each word, and what comes in. */
const DOCKER = `printf '%s\\0' "$@" >> "$RUNNER_TEMP/asked"; printf '\\n\\0' >> "$RUNNER_TEMP/asked"
[ "$2" != --interactive ] || cat >> "$RUNNER_TEMP/sql"`;

/** Runs steps one after the other in one runner. @returns what docker was asked for, and what databases were told */
function proved(...names: string[]) {
  const folder = runnerFolder();
  for (const name of names) {
    const found = step(job, name);
    const env = { ...found?.env, IMAGE, NETWORK: "net-1", DATABASE_0: "container-1" };
    const { status, stderr } = runStep(found, env, { docker: DOCKER }, folder);
    assert.equal(status, 0, `${name}: ${stderr}`);
  }
  const asked = readFileSync(join(folder, "asked"), "utf8").split("\n\0").slice(0, -1);
  return {
    asked: asked.map((words) => words.split("\0").slice(0, -1)),
    sql: readFileSync(join(folder, "sql"), "utf8"),
  };
}

test("an image is proved on the processor it is for, beside a database of its own line, after its build", () => {
  assert.deepEqual(job.needs, ["build-web"]);
  assert.equal(job["runs-on"], "ubuntu-24.04-arm");
  assert.equal(job.services?.main?.image, "mysql:8.4");
  assert.deepEqual(
    job.steps.map(({ name }) => name),
    [
      "Check out",
      "Take on AWS_ROLE_ARN",
      "Sign in to the registry",
      "Make what it runs beside",
      "Run the release command",
      "Test",
      "Write down the empty databases",
      "Load demonstration data",
      "Write down the data",
      "Load what was written down",
      "Make the bundle",
      "Keep the bundle",
    ],
  );
});

test("the very digest is run, with the values byte for byte and the command in place of the image's own", () => {
  const { asked } = proved("Make what it runs beside", "Run the release command", "Test");
  const [, release = [], tests = []] = asked;
  assert.deepEqual(release.slice(0, 4), ["run", "--rm", "--network", "net-1"]);
  assert.ok(release.includes(`GREETING=${proof.variables.GREETING}`));
  assert.deepEqual(release.slice(-4), [IMAGE, ...(proof.release ?? [])]);
  assert.deepEqual(tests.slice(-5), [IMAGE, ...(proof.test ?? [])]);
  assert.equal(
    step(job, "Test")?.env?.IMAGE,
    `${expression("vars.REGISTRY_WEB")}@${expression("needs.build-web.outputs.digest")}`,
  );
});

test("the database is empty, and its user may make others; password and generated secrets last one run", () => {
  const runs = [1, 2].map(() => proved("Make what it runs beside", "Test"));
  const [first, second] = runs.map(({ asked, sql }) => {
    const words = asked[1] ?? [];
    const value = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const password = value("DB_PASSWORD");
    assert.match(String(password), /^[0-9a-f]{40}$/);
    assert.equal(
      sql,
      `CREATE DATABASE \`OC_Pizza\`;\nCREATE USER 'oc_pizza'@'%' IDENTIFIED BY '${password}';\nGRANT ALL ON \`%\`.* TO 'oc_pizza'@'%';\n`,
    );
    assert.equal(value("DATABASE_URL"), `mysql://oc_pizza:${password}@main:3306/OC_Pizza`);
    assert.deepEqual(["DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "MAP_KEY"].map(value), [
      "main",
      "3306",
      "OC_Pizza",
      "oc_pizza",
      "not-a-secret",
    ]);
    return [password, value("SECRET_KEY")];
  });
  assert.match(String(first?.[1]), /^[0-9a-f]{64}$/);
  assert.notEqual(first?.[0], second?.[0]);
  assert.notEqual(first?.[1], second?.[1]);
});

test("no secret of the team reaches the job", () => {
  assert.doesNotMatch(JSON.stringify(job), /secrets\./);
});

test("what stands in a value is no expression of GitHub's", () => {
  const text = ["$", "{{ secrets.KEY }}"].join("");
  const [, first] = [proof, { ...proof, variables: { A: text }, test: ["echo", text] }].map((one) => {
    const made = proveJob("sandbox", WEB, one);
    return [step(made, "Make what it runs beside")?.env?.VARIABLES, step(made, "Test")?.env?.COMMAND];
  });
  const escaped = `${expression(`'${["$", "{{"].join("")}'`)} secrets.KEY }}`;
  assert.deepEqual(first, [`{"A":"${escaped}"}`, `["echo","${escaped}"]`]);
});

test("a command that fails fails its step", () => {
  const folder = runnerFolder();
  writeFileSync(join(folder, "words"), "--rm\0");
  const found = step(job, "Test");
  assert.equal(runStep(found, { ...found?.env, IMAGE }, { docker: "exit 3" }, folder).status, 3);
});

test("the schema is written down before the data, and both are loaded once into nothing", () => {
  const { asked, sql } = proved(
    "Make what it runs beside",
    "Write down the empty databases",
    "Write down the data",
    "Load what was written down",
  );
  const dumps = asked.filter((words) => words.includes("mysqldump"));
  assert.deepEqual(
    dumps.map((words) => [words[1], words.includes("--no-data")]),
    [
      ["container-1", true],
      ["container-1", false],
    ],
  );
  assert.ok(dumps.every((words) => words.join(" ").endsWith("--databases OC_Pizza")));
  assert.deepEqual(asked.at(-2)?.at(-1), "DROP DATABASE `OC_Pizza`");
  assert.match(sql, /GRANT ALL/);
});

test("without a database there is no service, no file of SQL and nothing to load", () => {
  const bare = proveJob("sandbox", WEB, {
    variables: {},
    generated: [],
    given: [],
    databases: [],
    test: ["t"],
  });
  assert.equal(bare.services, undefined);
  assert.deepEqual(bare.steps.map(({ name }) => name).slice(3), [
    "Make what it runs beside",
    "Test",
    "Make the bundle",
    "Keep the bundle",
  ]);
  const folder = runnerFolder();
  const made = step(bare, "Make what it runs beside");
  assert.equal(runStep(made, { ...made?.env }, {}, folder).status, 0);
  assert.equal(readFileSync(join(folder, "words"), "utf8"), "--rm\0");
});

test("several databases have a service, a host and files of their own", () => {
  const made = proveJob("sandbox", WEB, {
    ...proof,
    databases: [MAIN, { ...MAIN, key: "stock", prefix: "S" }],
  });
  assert.deepEqual(Object.keys(made.services ?? {}), ["main", "stock"]);
  const text = step(made, "Make the bundle")?.run ?? "";
  for (const file of ["create-database-main", "create-database-stock", "demo-data-main", "demo-data-stock"])
    assert.match(text, new RegExp(`/${file}\\.sql"`));
});

for (const [directory, kept] of [
  [".", ["web/manage.py", "web/.env.example", "web/apps/office/run.sh"]],
  ["apps/office", ["web/run.sh"]],
] as const)
  test(`a bundle of ${directory} has what was committed there, hidden files too, and the SQL beside it`, () => {
    const folder = runnerFolder();
    const git = (...words: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@shop.example", ...words], {
        cwd: folder,
      });
    mkdirSync(join(folder, "apps", "office"), { recursive: true });
    for (const file of ["manage.py", ".env.example", "apps/office/run.sh"])
      writeFileSync(join(folder, file), "1");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "all");
    writeFileSync(join(folder, "stray"), "");
    for (const file of ["create-database.sql", "demo-data.sql"]) writeFileSync(join(folder, file), "-- SQL");
    const [make] = bundle({ key: "web", directory }, ["create-database.sql", "demo-data.sql"]);
    const { status, stderr } = runStep(make as RunStep, { GITHUB_WORKSPACE: folder }, {}, folder);
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      filesIn(readFileSync(join(folder, "bundle-web.zip"))),
      ["create-database.sql", "demo-data.sql", ...kept].sort(),
    );
  });

/** The files that a zip names at its end. */
function filesIn(zip: Buffer): string[] {
  const entry = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
  const names: string[] = [];
  for (let at = zip.indexOf(entry); at !== -1; at = zip.indexOf(entry, at + 46))
    names.push(zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  return names.filter((name) => !name.endsWith("/")).sort();
}
