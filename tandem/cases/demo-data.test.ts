import assert from "node:assert/strict";
import { test } from "node:test";
import { Cloud } from "../../rehearsal/cloud";
import { InProcess } from "../in-process";
import { openProject } from "../project";
import { variant } from "../variant";
import { lines, objectsOf, refuseFailed, under } from "./rehearsed.test-helper";

const project = openProject("oc-pizza");
const RELEASER = "oc-pizza-sandbox-release";
const next = variant(project, { sandbox: { release: { web: `sha256:${"9".repeat(64)}` } } });

test("demonstration data that fails stops the first release before it serves; loaded, it is never loaded again", async () => {
  const { memory } = new InProcess(project);
  const { world } = memory.cloud.state;
  const error = "The demonstration data of web failed with exit code 2";
  const functions = { ...world.functions, [RELEASER]: { ...world.functions?.[RELEASER], demo: { error } } };
  memory.cloud = new Cloud({ ...memory.cloud.state, world: { ...world, functions } });
  const failed = await new InProcess(project, memory).run("sandbox", "up");
  assert.match(failed.failures.map(({ message }) => message).join("\n"), new RegExp(error));
  assert.deepEqual(objectsOf(memory, "aws:ecs/service:Service", "111111111111"), []);

  const mended = under(project, memory);
  const up = await mended.run("sandbox", "up");
  refuseFailed(up);
  assert.ok(lines(up).includes("create Invocation web-demo-data-run"));
  const release = await under(next, mended.memory).run("sandbox", "up");
  refuseFailed(release);
  assert.deepEqual(
    lines(release).filter((line) => line.includes("demo-data")),
    [],
  );
});
