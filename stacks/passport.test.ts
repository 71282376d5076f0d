import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { InProcess } from "../tandem/in-process";
import { openProject } from "../tandem/project";
import { variant } from "../tandem/variant";
import { changes } from "../tandem/way";
import { lacks } from "./passport";

const settings = parse(raw());

test("nothing is lacking where production has every name that the sandbox has", () => {
  assert.deepEqual(lacks({ configuration: { web: ["MAP_KEY", "SECRET_KEY"] } }, settings), []);
});

test("every name and every application that production lacks is told, with its path", () => {
  const found = lacks({ configuration: { web: ["API_URL", "MAP_KEY", "FLAG"], office: ["X"] } }, settings);
  assert.deepEqual(
    found.map(({ file, path }) => `${file} ${path}`),
    [
      "Pulumi.prod.yaml applications.web.variables.API_URL",
      "Pulumi.prod.yaml applications.web.variables.FLAG",
      "Pulumi.prod.yaml applications.office",
    ],
  );
});

test("a promotion that would run without a name is refused before anything is touched", async () => {
  const variables = { applications: { web: { variables: { NEW_FLAG: "1", OTHER_FLAG: "2" } } } };
  const way = new InProcess(variant(openProject("oc-pizza"), { sandbox: { differences: variables } }));
  assert.deepEqual((await way.run("sandbox", "up")).failures, []);
  const objects = way.memory.cloud.objects().length;
  const { failures, steps } = await way.run("prod", "up");
  const message = failures.map((failure) => failure.message).join("\n");
  assert.match(message, /has 2 mistakes; nothing was touched/);
  assert.match(message, /NEW_FLAG/);
  assert.match(message, /OTHER_FLAG/);
  assert.deepEqual(changes(steps), []);
  assert.equal(way.memory.cloud.objects().length, objects);
});
