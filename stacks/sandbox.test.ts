import assert from "node:assert/strict";
import { test } from "node:test";
import type { Passport } from "../components/passport";
import { parse } from "../config/parse";
import { raw } from "../config/testing";
import { lines, refuseFailed, under } from "../tandem/cases/rehearsed.test-helper";
import { InProcess } from "../tandem/in-process";
import { openProject, stackFile } from "../tandem/project";
import { variant } from "../tandem/variant";
import { releaseOf } from "./sandbox";

const [A, B] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const settings = (release: Record<string, string>) => ({ ...parse(raw()), release });
const ran = (release: Record<string, string>) => ({ release }) as unknown as Passport;

test("the sandbox runs what its configuration says over what it ran, of the applications that it still has", () => {
  assert.deepEqual(releaseOf(settings({}), undefined), {});
  assert.deepEqual(releaseOf(settings({ web: B }), undefined), { web: B });
  assert.deepEqual(releaseOf(settings({}), ran({ web: A, gone: A })), { web: A });
  assert.deepEqual(releaseOf(settings({ web: B }), ran({ web: A })), { web: B });
});

test("a release that nobody committed stays: the next run takes no step, and one that says another goes there", async () => {
  const example = openProject("oc-pizza");
  const { "oc-pizza:release": _, ...config } = stackFile(example, "sandbox").config ?? {};
  const silent = { ...example, stacks: { sandbox: { ...stackFile(example, "sandbox"), config } } };
  const asked = (web: string) => variant(silent, { sandbox: { release: { web } } });

  const first = new InProcess(asked(A));
  refuseFailed(await first.run("sandbox", "up"));
  const later = under(silent, first.memory);
  const again = await later.run("sandbox", "up");
  refuseFailed(again);
  assert.deepEqual(lines(again), []);
  assert.deepEqual((again.outputs.passport as Passport).release, { web: A });

  const next = under(asked(B), later.memory);
  refuseFailed(await next.run("sandbox", "up"));
  const { outputs } = await under(silent, next.memory).run("sandbox", "preview");
  assert.deepEqual((outputs.passport as Passport).release, { web: B });

  refuseFailed(await next.run("sandbox", "destroy"));
  const { outputs: fresh } = await under(silent, next.memory).run("sandbox", "preview");
  assert.deepEqual((fresh.passport as Passport).release, {}, "with the environment its memory ends");
});
