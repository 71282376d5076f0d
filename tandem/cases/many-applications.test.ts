import assert from "node:assert/strict";
import { test } from "node:test";
import { InProcess } from "../in-process";
import { openProject } from "../project";
import { variant } from "../variant";

// A role's policies and a function's variables have lengths of their own: what names each application outgrows them.
test("twenty applications, with a schedule each, stand in one environment", async () => {
  const keys = Array.from({ length: 20 }, (_, index) => `service-number-${index}`);
  const process = (key: string) => ({ command: "serve", host: `${key}.oc-pizza.fr`, healthPath: "/" });
  const many = variant(openProject("oc-pizza"), {
    shared: {
      applications: Object.fromEntries(
        keys.map((key) => [
          key,
          { processes: { web: process(key), worker: { command: "work" } }, release: "migrate" },
        ]),
      ),
      schedules: Object.fromEntries(
        keys.map((key) => [
          `nightly-${key.replace("service-", "")}`,
          { application: key, command: "tidy", cron: "0 4 * * *" },
        ]),
      ),
    },
  });
  const { failures } = await new InProcess(many).run("sandbox", "up");
  assert.deepEqual(failures, []);
});
