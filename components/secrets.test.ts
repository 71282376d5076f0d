import assert from "node:assert/strict";
import { test } from "node:test";
import type * as pulumi from "@pulumi/pulumi";
import { ofType, record } from "./recorder";
import { Secrets, type SecretsArgs } from "./secrets";

const scope = { project: "shop", environment: "prod", region: "eu-west-3", accountId: "222222222222" };
const usual = { life: 14 * 86_400, limit: 365 * 86_400 };
const args: SecretsArgs = {
  scope,
  declared: {
    SECRET_KEY: { kind: "generated", length: 64, ...usual },
    STRIPE_SECRET_KEY: { kind: "given", length: 50, ...usual },
  },
  given: { STRIPE_SECRET_KEY: 'sk_live_é"\\1' },
  recoveryDays: 30,
};
const outputs = (type: string, name: string) =>
  type.endsWith("SecretVersion")
    ? { versionId: `${name}-v1` }
    : type.endsWith("RandomPassword")
      ? { result: "r4nd0m" }
      : {};

const value = (output: pulumi.Output<string> | undefined) =>
  new Promise<string>((done) => output?.apply(done));

async function declare(more: Partial<SecretsArgs> = {}) {
  let secrets: Secrets | undefined;
  const recorded = await record(() => {
    secrets = new Secrets("secrets", { ...args, ...more });
  }, outputs);
  return { recorded, secrets: secrets as unknown as Secrets };
}

test("each secret is one Secrets Manager secret below the environment's path, with its recovery", async () => {
  const { recorded } = await declare();
  const secrets = ofType(recorded, "aws:secretsmanager/secret:Secret");
  assert.deepEqual(Object.keys(secrets).sort(), ["secrets-SECRET_KEY", "secrets-STRIPE_SECRET_KEY"]);
  assert.equal(secrets["secrets-SECRET_KEY"]?.namePrefix, "/shop/prod/secrets/SECRET_KEY-");
  assert.equal(secrets["secrets-SECRET_KEY"]?.name, undefined);
  assert.ok(Object.values(secrets).every(({ recoveryWindowInDays }) => recoveryWindowInDays === 30));
});

test("values are JSON under current, byte for byte, and never in clear", async () => {
  const { recorded } = await declare();
  const versions = ofType(recorded, "aws:secretsmanager/secretVersion:SecretVersion");
  const content = (name: string) =>
    JSON.parse((versions[name] as { secretString: { secret: string } }).secretString.secret);
  assert.deepEqual(content("secrets-STRIPE_SECRET_KEY"), { current: 'sk_live_é"\\1' });
  assert.deepEqual(content("secrets-SECRET_KEY"), { current: "r4nd0m" });
  assert.ok(Object.values(versions).every(({ versionStages }) => versionStages === undefined));
});

test("a generated one is letters and digits of the length asked, a given one is not generated", async () => {
  const { recorded } = await declare();
  assert.deepEqual(ofType(recorded, "random:index/randomPassword:RandomPassword"), {
    "secrets-SECRET_KEY": { length: 64, special: false },
  });
});

test("references name the key and the version", async () => {
  const { secrets } = await declare();
  const arn = await value(secrets.arns.SECRET_KEY);
  assert.equal(await value(secrets.references.SECRET_KEY), `${arn}:current::secrets-SECRET_KEY-v1`);
});

test("given secrets without a value are refused together, by name, before anything is declared", async () => {
  const declared = { ...args.declared, GOOGLE_MAP_API_KEY: { kind: "given", length: 50, ...usual } as const };
  const recorded = await record(() =>
    assert.throws(
      () => new Secrets("secrets", { ...args, declared, given: {} }),
      /in prod: STRIPE_SECRET_KEY, GOOGLE_MAP_API_KEY\./,
    ),
  );
  assert.equal(recorded.length, 0);
});

test("while a former value is accepted, it stands beside the present one; afterwards its generator is gone", async () => {
  const rotated = async (retired: boolean) => {
    const { recorded, secrets } = await declare({
      rotations: { SECRET_KEY: { generation: 3, retired }, STRIPE_SECRET_KEY: { generation: 2, retired } },
      previous: { STRIPE_SECRET_KEY: "sk_live_former" },
    });
    const versions = ofType(recorded, "aws:secretsmanager/secretVersion:SecretVersion");
    const keys = Object.values(versions).map(({ secretString }) =>
      Object.keys(JSON.parse((secretString as { secret: string }).secret)),
    );
    const generators = Object.keys(ofType(recorded, "random:index/randomPassword:RandomPassword"));
    return { keys, generators: generators.sort(), previous: Object.keys(secrets.previousReferences).sort() };
  };
  assert.deepEqual(await rotated(false), {
    keys: [
      ["current", "previous"],
      ["current", "previous"],
    ],
    generators: ["secrets-SECRET_KEY-2", "secrets-SECRET_KEY-3"],
    previous: ["SECRET_KEY", "STRIPE_SECRET_KEY"],
  });
  assert.deepEqual(await rotated(true), {
    keys: [["current"], ["current"]],
    generators: ["secrets-SECRET_KEY-3"],
    previous: [],
  });
});
