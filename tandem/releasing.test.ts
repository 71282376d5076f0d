import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { A, B, copyOfExample } from "./cases/promoted.test-helper";
import { releasing } from "./releasing";
import { scratch } from "./scratch.test-helper";
import { configValue, writeConfig } from "./stack-file";

const folder = scratch("releasing");
after(() => rmSync(folder, { recursive: true, force: true }));
const project = copyOfExample(folder);
writeConfig(project, "sandbox", { release: undefined });
const file = () => readFileSync(join(folder, "Pulumi.sandbox.yaml"), "utf8");
const refused = (...words: string[]) => {
  try {
    releasing(project, "sandbox", words);
  } catch (error) {
    return error as { message: string; exitCode: number };
  }
  throw new Error("it is not refused");
};

test("new images stand in the sandbox's file for one run, which is then as people wrote it", () => {
  const before = file();
  const images = releasing(project, "sandbox", [`web=${A}`]);
  images.lay();
  assert.deepEqual(configValue(project, "sandbox", "release"), { web: A });
  images.lift();
  assert.equal(file(), before);
});

test("an interrupt leaves the file as people wrote it; what a kill left is finished by the same words", () => {
  const before = file();
  const images = releasing(project, "sandbox", [`web=${A}`]);
  images.lay();
  // Somebody else who puts things in order is there, so that this process goes on.
  const inOrder = () => {};
  process.on("SIGINT", inOrder).emit("SIGINT", "SIGINT");
  process.off("SIGINT", inOrder);
  assert.equal(file(), before);
  images.lift();
  releasing(project, "sandbox", [`web=${A}`]).lay();
  releasing(project, "sandbox", [`web=${A}`]).lift();
  assert.deepEqual(configValue(project, "sandbox", "release"), { web: A });
  assert.match(refused(`web=${B}`).message, /releases too: .*config rm --stack sandbox --path release\.web/);
  writeConfig(project, "sandbox", { release: undefined });
});

for (const [word, allowed] of [
  ["web", /--release "web"; allowed: <application>=sha256:<64 hexadecimal digits>/],
  ["web=latest", /allowed: <application>=sha256/],
  [`web=${A}\n`, /allowed: <application>=sha256/],
  [`webb=${A}`, /--release webb; allowed: one of the applications: web\./],
] as const)
  test(`--release ${JSON.stringify(word)} is refused with what is allowed`, () => {
    const { message, exitCode } = refused(word);
    assert.match(message, allowed);
    assert.equal(exitCode, 2);
  });

test("an application is released once, in the sandbox, and not against its own file", () => {
  assert.match(
    refused(`web=${A}`, `web=${B}`).message,
    /--release web, twice; allowed: each application once/,
  );
  assert.throws(() => releasing(project, "prod", [`web=${A}`]), /--stack prod; allowed: the sandbox/);
  writeConfig(project, "sandbox", { release: { web: B } });
  assert.match(
    refused(`web=${A}`).message,
    /Pulumi\.sandbox\.yaml releases too: .*config rm --stack sandbox --path release\.web/,
  );
  releasing(project, "sandbox", [`web=${B}`]);
});
