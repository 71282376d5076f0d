import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runnerFolder, runStep } from "../../components/workflows/run-step.test-helper";
import type { RunStep } from "../../components/workflows/workflow";
import { passes } from "./conditions.test-helper";
import { copyImages } from "./images";

const steps = copyImages("back");
const named = (name: string) => steps.find((step) => step.name === name) as RunStep;
const A = `sha256:${"a".repeat(64)}`;
/** Of nothing: what the stand-in for skopeo copies. */
const EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const SANDBOX = {
  imagesReaderRole: "reader",
  passport: { release: { web: EMPTY, office: A } },
  registries: { web: "one.test/web", office: "one.test/office" },
};
const PROD = { registries: { web: "two.test/web", office: "two.test/office" }, passports: [] as object[] };

function find(sandbox: object, prod: object, BACK = "") {
  const folder = runnerFolder();
  for (const [name, outputs] of Object.entries({ sandbox, prod }))
    writeFileSync(join(folder, `${name}.outputs`), JSON.stringify(outputs));
  const ended = runStep(named("Find the images"), { BACK }, { npx: 'cat "$RUNNER_TEMP/$5.outputs"' }, folder);
  const file = join(folder, "images");
  return { ...ended, folder, images: existsSync(file) ? readFileSync(file, "utf8") : "" };
}

test("what the passport names is looked for in the sandbox's registries, for production's", () => {
  const { status, stderr, output, images } = find(SANDBOX, PROD);
  assert.equal(status, 0, stderr);
  assert.equal(output, "reader=reader\nsource=one.test/web\ntarget=two.test/web\n");
  assert.equal(
    images,
    `web ${EMPTY} one.test/web two.test/web\noffice ${A} one.test/office two.test/office\n`,
  );
});

test("going back, the images of the former passport are", () => {
  const former = { id: "r-0123456789ab", release: { web: A } };
  const { images } = find(SANDBOX, { ...PROD, passports: [{ id: "r-x" }, former] }, former.id);
  assert.equal(images, `web ${A} one.test/web two.test/web\n`);
});

test("before production has registries nothing is copied, and the summary says how they come to be", () => {
  const { status, output, summary, images } = find(SANDBOX, {});
  assert.deepEqual([status, output, images], [0, "", ""]);
  assert.match(summary, /no registry for web yet: .*applications\.web\.enabled: false/);
});

test("a sandbox that names no reader, or has no passport, copies nothing and fails nothing", () => {
  const { imagesReaderRole: _, ...silent } = SANDBOX;
  const without = find(silent, PROD);
  assert.deepEqual([without.status, without.output], [0, ""]);
  assert.match(without.summary, /no output imagesReaderRole/);
  const nothing = find({ imagesReaderRole: "reader" }, PROD);
  assert.deepEqual([nothing.status, nothing.output], [0, ""]);
});

test("a digest that is none is refused", () => {
  assert.equal(find({ ...SANDBOX, passport: { release: { web: "latest" } } }, PROD).status, 1);
});

test("where there is nothing to copy, no other role is taken on", async () => {
  for (const { if: condition } of steps.slice(1))
    for (const reader of ["", "reader"])
      assert.equal(await passes(condition, { steps: { images: { outputs: { reader } } } }), reader !== "");
});

const RUN = { GITHUB_RUN_ID: "7", GITHUB_RUN_ATTEMPT: "1" };

test("what production has already is left alone, and the rest is copied by digest and said", () => {
  const { folder } = find(SANDBOX, PROD);
  const skopeo = `case "$*" in
  inspect*office@*) exit 0 ;;
  inspect*@*) exit 1 ;;
  copy*) echo "$@" >> "$RUNNER_TEMP/copied" ;;
esac`;
  const { status, stderr, summary } = runStep(named("Copy the images"), RUN, { skopeo }, folder);
  assert.equal(status, 0, stderr);
  const copied = readFileSync(join(folder, "copied"), "utf8");
  assert.match(
    copied,
    /^copy --all --preserve-digests .*docker:\/\/one\.test\/web@sha256:e3b0\w+ docker:\/\/two\.test\/web:promoted-7-1\n$/,
  );
  assert.match(summary, /The image of web was copied .*e3b0.*\n.*has the image of office already/);
});

test("a copy that is another image stops the promotion", () => {
  const { folder } = find({ ...SANDBOX, passport: { release: { office: A } } }, PROD);
  const skopeo = '[ "$1" = copy ] || [[ "$*" != *@* ]]';
  const { status, stdout } = runStep(named("Copy the images"), RUN, { skopeo }, folder);
  assert.equal(status, 1);
  assert.match(stdout, /::error::The copy is sha256:e3b0/);
});
