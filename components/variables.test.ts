import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { application } from "../config/schema/application";
import { containerEnvironment, reached, type Surroundings } from "./variables";

const around: Surroundings = {
  environmentName: "PRODUCTION",
  databases: {
    main: {
      host: "db.internal",
      port: 3306,
      schema: "OC_Pizza",
      user: "app",
      passwordReference: "arn:db:password::v1",
      urlReference: "arn:db:url::v1",
      secretArn: "arn:db",
    },
  },
  buckets: { media: { bucket: "media-1", arn: "arn:media" } },
  secretReferences: { SECRET_KEY: "arn:key:current::v1" },
  secretArns: { SECRET_KEY: "arn:key" },
};

const settings = (more: object) => application.parse({ processes: { web: {} }, ...more });

async function told(more: object) {
  const { variables, secrets } = containerEnvironment(settings(more), around);
  const known = await new Promise<Record<string, string>>((resolve) =>
    pulumi.output(variables).apply(resolve),
  );
  return { variables: known, secrets };
}

test("ENV says the environment, unless the application says its own", async () => {
  assert.deepEqual((await told({})).variables, { ENV: "PRODUCTION" });
  assert.deepEqual((await told({ variables: { ENV: "demo" } })).variables, { ENV: "demo" });
});

test("a database gives its own host, port, name and user, and its password as a reference only", async () => {
  const { variables, secrets } = await told({ databases: { main: { url: "DATABASE_URL" } } });
  assert.deepEqual(variables, {
    ENV: "PRODUCTION",
    DB_HOST: "db.internal",
    DB_PORT: "3306",
    DB_NAME: "OC_Pizza",
    DB_USER: "app",
  });
  assert.deepEqual(secrets, { DB_PASSWORD: "arn:db:password::v1", DATABASE_URL: "arn:db:url::v1" });
});

test("buckets and secrets come under the variables that the application names", async () => {
  const { variables, secrets } = await told({
    buckets: { media: "MEDIA_BUCKET" },
    secrets: { DJANGO: "SECRET_KEY" },
  });
  assert.equal(variables.MEDIA_BUCKET, "media-1");
  assert.deepEqual(secrets, { DJANGO: "arn:key:current::v1" });
});

test("what is reached is exactly what is asked for", () => {
  assert.deepEqual(reached(settings({}), around), { secretArns: [], bucketArns: [] });
  const all = settings({ databases: { main: {} }, secrets: ["SECRET_KEY"], buckets: { media: "MEDIA" } });
  assert.deepEqual(reached(all, around), { secretArns: ["arn:db", "arn:key"], bucketArns: ["arn:media"] });
});

for (const [what, more, message] of [
  ["a database that is not there", { databases: { other: {} } }, /No database "other".*there: main/],
  ["a bucket that is not there", { buckets: { other: "B" } }, /No bucket "other".*there: media/],
  ["a secret that is not there", { secrets: ["OTHER"] }, /No secret "OTHER".*there: SECRET_KEY/],
  [
    "a variable set twice",
    { databases: { main: {} }, variables: { DB_HOST: "x" } },
    /DB_HOST would be set twice/,
  ],
  [
    "a name in clear and secret",
    { secrets: ["SECRET_KEY"], variables: { SECRET_KEY: "x" } },
    /SECRET_KEY is in clear and a secret/,
  ],
] as const)
  test(`${what} is refused by name`, () => {
    assert.throws(() => containerEnvironment(settings(more), around), message);
  });

test("a secret whose former value is accepted brings it under its own variable's name", async () => {
  const both = containerEnvironment(settings({ secrets: { DJANGO: "SECRET_KEY" } }), {
    ...around,
    previousReferences: { SECRET_KEY: "arn:key:previous::v2" },
  });
  assert.deepEqual(both.secrets, {
    DJANGO: "arn:key:current::v1",
    DJANGO_FALLBACKS: "arn:key:previous::v2",
  });
});

test("a variable that is already called so is refused by name", () => {
  const taken = settings({ secrets: ["SECRET_KEY"], variables: { SECRET_KEY_FALLBACKS: "x" } });
  const previous = { ...around, previousReferences: { SECRET_KEY: "arn:key:previous::v2" } };
  assert.throws(() => containerEnvironment(taken, previous), /SECRET_KEY_FALLBACKS is in clear and a secret/);
});
