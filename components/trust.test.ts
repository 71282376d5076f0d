import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { Delivery, type DeliveryArgs } from "./delivery";
import { admits } from "./oidc.test-helper";
import { ofType, record } from "./recorder";
import { NOTICES } from "./workflows/notices.test-helper";

const REGISTRY = "arn:aws:ecr:eu-west-3:111111111111:repository/web";
const GUARD = "arn:aws:lambda:eu-west-3:111111111111:function:guard";

/** One of everything that takes on a role. */
const ARGS: Omit<DeliveryArgs, "scope"> = {
  order: ["sandbox", "prod"],
  notices: NOTICES,
  owner: "acme",
  repository: "shop",
  stack: "shop-stack",
  branch: "main",
  reviewers: [],
  reviewed: false,
  common: false,
  applications: { web: { directory: ".", repositoryUrl: "images.test/web", repositoryArn: REGISTRY } },
  jobs: {
    guardFunction: { name: pulumi.output("guard"), arn: pulumi.output(GUARD) },
    jobs: { export: { inputs: {} } },
    schedules: {},
  },
  sites: {
    blog: {
      settings: {
        host: "www.shop.example",
        aliases: [],
        target: "bucket",
        pipeline: "actions",
        directory: ".",
        output: "public",
        variables: {},
      },
      url: "https://www.shop.example",
      noindex: false,
      bucket: { name: "files", arn: "arn:aws:s3:::files" },
    },
  },
  switches: { bucket: "switches", arn: "arn:aws:s3:::switches", applications: { web: "shop.example" } },
};

/** Of each role: its trust policy. */
async function policies(environment: string): Promise<Record<string, string>> {
  const scope = { project: "shop", environment, region: "eu-west-3", accountId: "111111111111" };
  const recorded = await record(
    () => new Delivery("delivery", { ...ARGS, scope }),
    () => ({ repositoryId: 77 }),
  );
  const roles = ofType(recorded, "aws:iam/role:Role");
  return Object.fromEntries(
    Object.entries(roles).map(([name, { assumeRolePolicy }]) => [name, String(assumeRolePolicy)]),
  );
}

/** Repositories by both names and numbers, and what becomes of them. */
const REPOSITORIES = {
  shop: ["acme", 1001, "shop", 77],
  "shop-stack": ["acme", 1001, "shop-stack", 88],
  "another of the owner": ["acme", 1001, "blog", 55],
  "a fork of shop": ["mallory", 6666, "shop", 78],
  "a fork of shop-stack": ["mallory", 6666, "shop-stack", 89],
  "shop, renamed": ["acme", 1001, "store", 77],
  "shop, moved": ["umbrella", 2002, "shop", 77],
} as const;

/** They come after July 2026, and so have tokens with numbers only. */
const YOUNG = {
  "a new repository under the old name": ["acme", 1001, "shop", 4242],
  "a new owner under the old name": ["acme", 4343, "shop", 77],
} as const;

const CONTEXTS = [
  "environment:sandbox",
  "environment:prod",
  "environment:sandbox-jobs",
  "environment:prod-jobs",
  "environment:sandbox-switches",
  "environment:prod-switches",
  "environment:sandbox-site-blog",
  "environment:prod-site-blog",
  "environment:production",
  "environment:pull_request",
  "pull_request",
  "ref:refs/heads/main",
  "ref:refs/tags/v1",
];

type Repository = readonly [owner: string, ownerId: number, name: string, id: number];

const byName = ([owner, , name]: Repository) => `repo:${owner}/${name}`;
const byNumber = ([owner, ownerId, name, id]: Repository) => `repo:${owner}@${ownerId}/${name}@${id}`;

/** Every token: what it says, and whose it is in words. */
const TOKENS = CONTEXTS.flatMap((context) => [
  ...Object.entries({ ...REPOSITORIES, ...YOUNG }).map(
    ([whose, of]) => [`${byNumber(of)}:${context}`, `${whose} by number, ${context}`] as const,
  ),
  ...Object.entries(REPOSITORIES).map(
    ([whose, of]) => [`${byName(of)}:${context}`, `${whose} by name, ${context}`] as const,
  ),
]);

const both = (whose: keyof typeof REPOSITORIES, context: string) => [
  `${whose} by name, ${context}`,
  `${whose} by number, ${context}`,
];

/** One after the other: declarations share what records them. */
const POLICIES = (async () => ({ sandbox: await policies("sandbox"), prod: await policies("prod") }))();

for (const [environment, role, expected] of [
  ["sandbox", "delivery-deploy-roles-own", both("shop", "environment:sandbox")],
  [
    "sandbox",
    "delivery-deploy-roles-reader",
    [...both("shop", "environment:prod"), ...both("shop-stack", "environment:prod")],
  ],
  ["sandbox", "delivery-jobs-role", both("shop", "environment:sandbox-jobs")],
  ["sandbox", "delivery-switches-role", both("shop", "environment:sandbox-switches")],
  ["sandbox", "delivery-preview", both("shop-stack", "pull_request")],
  ["prod", "delivery-deploy-roles-own", both("shop", "environment:prod")],
  ["prod", "delivery-jobs-role", both("shop", "environment:prod-jobs")],
  ["sandbox", "delivery-site-blog-role", both("shop", "environment:sandbox-site-blog")],
  ["prod", "delivery-site-blog-role", both("shop", "environment:prod-site-blog")],
  ["prod", "delivery-switches-role", both("shop", "environment:prod-switches")],
  ["prod", "delivery-preview", both("shop-stack", "pull_request")],
] as const)
  test(`of ${TOKENS.length} tokens, ${environment}'s ${role} admits those of ${expected.join("; ")}`, async () => {
    const policy = String((await POLICIES)[environment][role]);
    const admitted = TOKENS.filter(([sub]) => admits(policy, { sub })).map(([, whose]) => whose);
    assert.deepEqual(admitted.sort(), [...expected].sort());
    for (const [sub] of TOKENS) assert.equal(admits(policy, { sub, aud: "https://github.com/acme" }), false);
  });

test("the table has every role", async () => {
  assert.deepEqual(Object.keys((await POLICIES).sandbox).sort(), [
    "delivery-deploy-roles-own",
    "delivery-deploy-roles-reader",
    "delivery-jobs-role",
    "delivery-preview",
    "delivery-site-blog-role",
    "delivery-switches-role",
  ]);
  assert.equal(Object.keys((await POLICIES).prod).length, 5);
});

test("a renamed repository is trusted again once its new name is configured: by its number, under that name", async () => {
  const recorded = await record(
    () =>
      new Delivery("delivery", {
        ...ARGS,
        repository: "store",
        scope: { project: "shop", environment: "sandbox", region: "eu-west-3", accountId: "111111111111" },
      }),
    () => ({ repositoryId: 77 }),
  );
  const role = ofType(recorded, "aws:iam/role:Role")["delivery-deploy-roles-own"];
  const policy = String(role?.assumeRolePolicy);
  assert.equal(admits(policy, { sub: "repo:acme@1001/store@77:environment:sandbox" }), true);
  assert.equal(admits(policy, { sub: "repo:acme@1001/shop@77:environment:sandbox" }), false);
});
