import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import { Release, type ReleaseArgs } from "./release";
import { Task } from "./task";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const NOW = "2026-11-22T12:00:00.000Z";

const command = (kind: string) =>
  new Task(`web-${kind}`, {
    scope,
    role: `${kind}-web`,
    logPath: ["web", "task", kind],
    image: "image",
    environment: { variables: {}, secrets: {} },
    cpu: 256,
    memory: 512,
    executionRoleArn: "arn:execution",
    taskRoleArn: "arn:task",
    logDays: 90,
  });

interface Wanted {
  readonly result?: object;
  readonly commands?: readonly ("command" | "migrations")[];
  readonly more?: Partial<ReleaseArgs>;
}

async function declared({ result, commands = ["command"], more = {} }: Wanted = {}) {
  const options: Record<string, pulumi.CustomResourceOptions> = {};
  const watch: pulumi.ResourceTransformation = ({ name, type, opts }) => {
    options[`${type.split(":").at(-1)} ${name}`] = opts as pulumi.CustomResourceOptions;
    return undefined;
  };
  let said: { migrated?: boolean; head?: string } = {};
  const recorded = await record(
    async () => {
      const tasks = Object.fromEntries(
        commands.map((each) => [each, command(each === "command" ? "release" : each)] as const),
      );
      const release = new Release(
        "web-release",
        {
          scope,
          application: "web",
          digest: "sha256:1",
          databases: { main: { identifier: "shop-prod-main", life: "db-MAIN" } },
          keepsSnapshots: true,
          releaser: { functionName: pulumi.output("shop-prod-release") },
          now: NOW,
          ...tasks,
          ...more,
        },
        { transformations: [watch] },
      );
      await new Promise<void>((done) => {
        release.migrated.apply((migrated) =>
          release.head.apply((head) => {
            said = { migrated, head };
            done();
          }),
        );
      });
    },
    (type) => {
      if (type.includes("RandomId")) return { hex: "0a1b2c3d" };
      return type.includes("Invocation") && result !== undefined ? { result: JSON.stringify(result) } : {};
    },
  );
  const input = ofType(recorded, "aws:lambda/invocation:Invocation")["web-release-run"]?.input;
  return { recorded, options, said, input: input === undefined ? undefined : JSON.parse(String(input)) };
}

/** Type and name of what a resource waits for. */
async function waitsFor(options: pulumi.CustomResourceOptions | undefined): Promise<string[]> {
  const all = (options?.dependsOn ?? []) as pulumi.Resource[];
  const urns = await Promise.all(all.map(({ urn }) => new Promise<string>((done) => void urn.apply(done))));
  return urns.map((urn) => urn.split("::").slice(-1)[0] ?? "");
}

test("a release has a key of its own, a snapshot of each database by that key, and its command after both", async () => {
  const { recorded, options, input } = await declared();
  assert.deepEqual(ofType(recorded, "random:index/randomId:RandomId")["web-release-key"]?.keepers, {
    digest: "sha256:1",
    main: "db-MAIN",
  });
  const snapshot = ofType(recorded, "aws:rds/snapshot:Snapshot")["web-release-main"];
  assert.equal(snapshot?.dbInstanceIdentifier, "shop-prod-main");
  assert.equal(snapshot?.dbSnapshotIdentifier, "shop-prod-main-release-0a1b2c3d");
  assert.deepEqual(options["Snapshot web-release-main"]?.customTimeouts, { create: "2h" });
  assert.deepEqual(await waitsFor(options["Invocation web-release-run"]), [
    "web-release-main",
    "web-release",
  ]);
  assert.deepEqual(input, {
    do: "release",
    application: "web",
    key: "0a1b2c3d",
    taskDefinition: "shop-prod-release-web",
    logGroup: "/shop/prod/web/task/release",
    backups: [{ instance: "shop-prod-main", snapshot: "shop-prod-main-release-0a1b2c3d" }],
  });
});

test("the families stand for their newest revisions: configuration alone runs no release", async () => {
  const { input } = await declared({ commands: ["command", "migrations"] });
  assert.deepEqual(input.migrations, {
    taskDefinition: "shop-prod-migrations-web",
    logGroup: "/shop/prod/web/task/migrations",
  });
});

for (const [keepsSnapshots, what] of [
  [true, "production keeps the snapshots of former releases"],
  [false, "the sandbox's former snapshot goes with its release"],
] as const)
  test(what, async () => {
    const { options } = await declared({ more: { keepsSnapshots } });
    assert.equal(options["Snapshot web-release-main"]?.retainOnDelete, keepsSnapshots);
  });

test("without a release command there is a backup, no invocation, and nothing was migrated", async () => {
  const { recorded, said } = await declared({ commands: [] });
  const types = recorded.map(({ type }) => type.split(":").at(-1)).sort();
  assert.deepEqual(types, ["RandomId", "Snapshot"]);
  assert.deepEqual(said, { migrated: false, head: "" });
});

for (const [what, wanted, migrated] of [
  [
    "without a migrations command, every release counts as a migration",
    { result: { migrated: false } },
    true,
  ],
  [
    "the same head before and after is no migration",
    { commands: ["command", "migrations"], result: { migrated: false, head: "0007" } },
    false,
  ],
  [
    "another head is one",
    { commands: ["command", "migrations"], result: { migrated: true, head: "0008" } },
    true,
  ],
  ["an answer that cannot be read counts as one", { commands: ["command", "migrations"] }, true],
] as const)
  test(what, async () => {
    const { said } = await declared(wanted);
    assert.equal(said.migrated, migrated);
    assert.equal(said.head, "result" in wanted && "head" in wanted.result ? wanted.result.head : "");
  });
