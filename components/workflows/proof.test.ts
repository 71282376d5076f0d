import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../config/parse";
import { raw } from "../../config/testing";
import { openProject, settingsOf } from "../../tandem/project";
import { proofOf } from "./proof";

test("an application is proved with its own values in clear, and with the names of its secrets only", () => {
  const settings = settingsOf(openProject("oc-pizza"), "sandbox");
  const { variables, generated, given, databases, test: tests, demoData } = proofOf(settings, "web") ?? {};
  assert.deepEqual(variables, { CI: "true", ENV: "SANDBOX", MEDIA_BUCKET: "not-a-bucket" });
  assert.deepEqual([generated, given], [["SECRET_KEY"], ["GOOGLE_MAP_API_KEY", "STRIPE_SECRET_KEY"]]);
  assert.deepEqual(databases, [
    { key: "main", line: "8.4", schema: "OC_Pizza", user: "oc_pizza", prefix: "DB", url: undefined },
  ]);
  assert.deepEqual(
    [tests, demoData],
    ["test --noinput", "loaddata demo"].map((command) => ["sh", "-c", `python manage.py ${command}`]),
  );
});

test("an application with neither command nor database is not proved; its own ENV and CI are its own", () => {
  const of = (application: object) => {
    const { applications, ...settings } = parse(raw());
    const web = { ...applications.web, release: undefined, test: undefined, databases: {}, ...application };
    return proofOf({ ...settings, applications: { web } } as never, "web");
  };
  assert.equal(of({}), undefined);
  const { variables } = of({ test: ["true"], variables: { ENV: "TRY", CI: "no" }, buckets: {} }) ?? {};
  assert.deepEqual(variables, { CI: "no", ENV: "TRY" });
});
