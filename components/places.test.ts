import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Places } from "./places";
import { ofType, type Recorded, record } from "./recorder";

const SECRETS = { NOTICE_WEBHOOK_PROD: { role: "webhook", value: "https://hooks.test/a" } };

class Part extends pulumi.ComponentResource {
  constructor() {
    super("tandem:test:Part", "part");
  }
}

const declare = (use: (places: Places, parent: Part) => void): Promise<readonly Recorded[]> =>
  record(() => {
    const parent = new Part();
    const home = { name: "shop", standing: pulumi.output("shop"), branch: "main" };
    use(new Places("delivery", { home, secrets: SECRETS }, { parent }), parent);
  });

const workflow = (key: string) => ({ file: `.github/workflows/${key}.yml`, content: key, what: key });

test("a repository has its secrets once, however many of its branches are written to", async () => {
  const recorded = await declare((places) => {
    places.at("docs", "main");
    places.at("docs", "next");
    places.at("shop", "next");
    places.at();
  });
  assert.deepEqual(
    Object.entries(ofType(recorded, "github:index/actionsSecret:ActionsSecret")).map(([name, secret]) => [
      name,
      secret.repository,
      secret.secretName,
    ]),
    [
      ["delivery-webhook", "shop", "NOTICE_WEBHOOK_PROD"],
      ["delivery-webhook-docs", "docs", "NOTICE_WEBHOOK_PROD"],
    ],
  );
});

test("what is asked for twice is the same place, and nothing said is the application's", async () => {
  await declare((places) => {
    assert.equal(places.at("docs", "main"), places.at("docs", "main"));
    assert.equal(places.at(), places.home);
    assert.equal(places.at("shop", "main"), places.home);
    assert.notEqual(places.at("shop", "next"), places.home);
  });
});

test("every repository with workflows is known with all of them, in the place that was asked for first", async () => {
  await declare((places, parent) => {
    places.home.commits.add("a", workflow("deploy"), { parent });
    places.at("shop", "next").commits.add("b", workflow("site"), { parent });
    places.at("docs", "main").commits.add("c", workflow("docs"), { parent });
    places
      .at("docs", "main")
      .commits.add("d", { ...workflow("x"), file: ".github/dependabot.yml" }, { parent });
    places.at("idle", "main");
    assert.deepEqual(
      places.withWorkflows.map(({ place, workflows }) => [
        place.repository,
        place.commits.branch,
        workflows.map(({ name }) => name),
      ]),
      [
        ["shop", "main", ["deploy", "site"]],
        ["docs", "main", ["docs"]],
      ],
    );
  });
});
