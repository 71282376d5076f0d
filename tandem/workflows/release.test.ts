import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runnerFolder, runStep, step } from "../../components/workflows/run-step.test-helper";
import { WORKFLOWS } from "./files";
import { readRequest, runs } from "./release";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;

function asked(RELEASE: string) {
  const folder = runnerFolder();
  const { status, stdout } = runStep(readRequest, { RELEASE }, {}, folder);
  return { status, stdout, lines: readFileSync(join(folder, "release"), "utf8") };
}

test("a request names applications and digests, a line each", () => {
  assert.deepEqual(asked(`{"web":"${A}","back-office":"${B}"}`), {
    status: 0,
    stdout: "",
    lines: `web=${A}\nback-office=${B}\n`,
  });
});

for (const [what, request] of [
  ["nothing", "{}"],
  ["no JSON", "web"],
  ["a list", `["${A}"]`],
  ["two objects", `{"web":"${A}"} {"web":"${B}"}`],
  ["a tag", '{"web":"latest"}'],
  ["no text", '{"web":1}'],
  ["a digest and a second line", `{"web":"${A}\\n--yes"}`],
  ["an application that is a word for the command", `{"--real":"${A}"}`],
  ["an application with a line of its own", `{"web\\n":"${A}"}`],
  ["a right and a wrong one", `{"web":"${A}","office":"x"}`],
] as const)
  test(`a request with ${what} is refused, and nothing of it goes further`, () => {
    const { status, stdout, lines } = asked(request);
    assert.equal(status, 1);
    assert.match(stdout, /^::error::release is no object of applications and digests/);
    assert.equal(lines, "");
  });

test("the request is read before anything else; without one, the sandbox stays at what it runs", () => {
  const sandbox = WORKFLOWS["up-sandbox"]?.jobs.sandbox;
  assert.equal(sandbox?.steps[0]?.name, "Read the request");
  const apply = step(sandbox, "Apply");
  const folder = runnerFolder();
  writeFileSync(join(folder, "release"), `web=${A}\nback-office=${B}\n`);
  const words = (RELEASE: string) =>
    runStep(apply, { RELEASE, UNREVIEWED: "false" }, { npx: 'echo "$@"' }, folder).stdout.trim();
  const reviewed = `--reviewed ${folder}/review.md`;
  assert.equal(
    words("{}"),
    `tandem apply --stack sandbox --real --yes --release web=${A} back-office=${B} ${reviewed}`,
  );
  assert.equal(words(""), `tandem apply --stack sandbox --real --yes ${reviewed}`);
});

test("the summary shows the passport: id, digests, verification", () => {
  const passport = {
    id: "r-0123456789ab",
    release: { web: A },
    verification: { at: "2026-11-22T12:00:00.000Z", urls: ["https://shop.example/"] },
  };
  const say = (shown: object) =>
    runStep(runs("sandbox"), {}, { npx: `echo '${JSON.stringify(shown)}'` }).summary;
  assert.equal(
    say(passport),
    `sandbox runs r-0123456789ab:\n\n- web: \`${A}\`\n\nVerified 2026-11-22T12:00:00.000Z: https://shop.example/\n`,
  );
  assert.match(say({ id: "r-0", release: {} }), /Not verified: nothing runs yet\./);
});
