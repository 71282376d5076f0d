import assert from "node:assert/strict";
import { test } from "node:test";
import { ENVIRONMENTS } from "../config/settings";
import { allTypes, factsOf } from "../rehearsal/facts";
import { exampleDeclared } from "../tandem/declared.test-helper";
import { examples } from "../tandem/project";
import { inWords } from "./rule";
import { RULES, violations } from "./rules";
import { STATEFUL } from "./rules/data";
import { TAGGABLE } from "./rules/tags";

type Props = Readonly<Record<string, unknown>>;

/** A type, what is wrong about a resource of it and in which words, and how the same resource is right. */
type Case = readonly [rule: string, type: string, wrong: Props, words: RegExp, right: Props];

const SENTINEL = "sk_live_sentinel0123456789";
const DATABASE = "aws:rds/instance:Instance";
const ARN = "arn:aws:s3:::media";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const clear = { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [ARN, `${ARN}/*`] };
const tls = { Bool: { "aws:SecureTransport": "false" } };
const tlsOnly = { policy: policy({ ...clear, Condition: tls }) };
const container = (name: string, value: string) => ({
  containerDefinitions: JSON.stringify([{ name: "app", environment: [{ name, value }] }]),
});
const sealed = (sseAlgorithm: string) => ({
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm } }],
});
const kept = {
  deletionProtection: true,
  skipFinalSnapshot: false,
  deleteAutomatedBackups: false,
  backupRetentionPeriod: 7,
};
const transport = (value: string) => ({
  family: "mysql8.4",
  parameters: [{ name: "require_secure_transport", value }],
});
const tagged = { tags: { Project: "shop", Environment: "prod", ManagedBy: "tandem" } };

const POLICY = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SSE = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
const BUCKET_POLICY = "aws:s3/bucketPolicy:BucketPolicy";
const LISTENER = "aws:lb/listener:Listener";
const PARAMETERS = "aws:rds/parameterGroup:ParameterGroup";
const ZONE_SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const LAMBDA = "aws:lambda/function:Function";
const https = { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06" };
const all = { Effect: "Allow", Action: "*", Resource: "*" };
const some = { policy: policy({ Effect: "Allow", Action: "s3:GetObject", Resource: `${ARN}/*` }) };

const CASES: readonly Case[] = [
  ["encryption-at-rest", DATABASE, {}, /storage is not encrypted/, { storageEncrypted: true }],
  ["encryption-at-rest", SSE, sealed("none"), /not encrypted by default/, sealed("AES256")],
  ["encryption-at-rest", SSE, { rules: [] }, /not encrypted by default/, sealed("aws:kms")],
  [
    "encryption-at-rest",
    "aws:sqs/queue:Queue",
    { sqsManagedSseEnabled: false },
    /messages are not encrypted/,
    { sqsManagedSseEnabled: true },
  ],
  [
    "private-database",
    DATABASE,
    { publiclyAccessible: true },
    /internet reaches it/,
    { publiclyAccessible: false },
  ],
  ["closed-ingress", INGRESS, { cidrIpv4: "0.0.0.0/0" }, /0\.0\.0\.0\/0/, { prefixListId: "pl-1" }],
  ["closed-ingress", INGRESS, { cidrIpv4: "128.0.0.0/1" }, /128\.0\.0\.0\/1/, { cidrIpv4: "10.0.0.0/8" }],
  ["closed-ingress", INGRESS, { cidrIpv6: "::/0" }, /::\/0/, { cidrIpv6: "2400:cb00::/32" }],
  [
    "closed-ingress",
    GROUP,
    { ingress: [{ cidrBlocks: ["10.1.0.0/16", "0.0.0.0/0"] }] },
    /0\.0\.0\.0\/0/,
    { ingress: [{ cidrBlocks: ["10.1.0.0/16"] }], egress: [{ cidrBlocks: ["0.0.0.0/0"] }] },
  ],
  ["closed-ingress", GROUP, { ingress: [{ ipv6CidrBlocks: ["::/0"] }] }, /::\/0/, {}],
  [
    "closed-ingress",
    "aws:ec2/managedPrefixList:ManagedPrefixList",
    { entries: [{ cidr: "0.0.0.0/0" }] },
    /0\.0\.0\.0\/0/,
    { entries: [{ cidr: "173.245.48.0/20" }] },
  ],
  ["tls-only", BUCKET_POLICY, { policy: policy() }, /answers without TLS/, tlsOnly],
  [
    "tls-only",
    BUCKET_POLICY,
    { policy: policy({ ...clear, Resource: [ARN], Condition: tls }) },
    /TLS/,
    tlsOnly,
  ],
  [
    "tls-only",
    BUCKET_POLICY,
    { policy: policy({ ...clear, Action: "s3:GetObject", Condition: tls }) },
    /TLS/,
    tlsOnly,
  ],
  [
    "tls-only",
    BUCKET_POLICY,
    { policy: policy({ ...clear, Condition: { ...tls, IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } }) },
    /TLS/,
    tlsOnly,
  ],
  ["tls-only", LISTENER, { protocol: "HTTP" }, /speaks HTTP/, https],
  ["tls-only", LISTENER, { protocol: "HTTPS" }, /before 1\.2, or is not said/, https],
  [
    "tls-only",
    LISTENER,
    { ...https, sslPolicy: "ELBSecurityPolicy-TLS13-1-0-2021-06" },
    /before 1\.2/,
    https,
  ],
  ["tls-only", PARAMETERS, transport("0"), /MySQL answers without TLS/, transport("1")],
  ["tls-only", PARAMETERS, { family: "mysql8.4" }, /MySQL/, { family: "postgres16" }],
  [
    "tls-only",
    ZONE_SETTING,
    { settingId: "ssl", value: "flexible" },
    /ssl/,
    { settingId: "ssl", value: "strict" },
  ],
  [
    "no-administrator",
    POLICY,
    { policy: policy({ Sid: "All", ...all }) },
    /everything \(statement All\)/,
    some,
  ],
  ["no-administrator", POLICY, { policy: policy({ ...all, Action: ["s3:*", "*"] }) }, /everything/, some],
  [
    "no-administrator",
    POLICY,
    { policy: policy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }) },
    /everything/,
    { policy: policy({ Effect: "Deny", NotAction: "iam:*", Resource: "*" }) },
  ],
  [
    "no-administrator",
    "aws:iam/role:Role",
    { inlinePolicies: [{ name: "all", policy: policy(all) }] },
    /everything/,
    { inlinePolicies: [] },
  ],
  [
    "no-administrator",
    ATTACHMENT,
    { policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
    /AdministratorAccess/,
    { policyArn: "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3Backup" },
  ],
  ["production-protection", DATABASE, { ...kept, deletionProtection: false }, /it can be deleted/, kept],
  [
    "production-protection",
    DATABASE,
    { ...kept, backupRetentionPeriod: 6 },
    /kept 6 days, fewer than 7/,
    kept,
  ],
  ["production-protection", DATABASE, { ...kept, skipFinalSnapshot: true }, /without a final snapshot/, kept],
  ["production-protection", DATABASE, { ...kept, deleteAutomatedBackups: true }, /backups would be/, kept],
  [
    "production-protection",
    "aws:lb/loadBalancer:LoadBalancer",
    {},
    /it can be deleted/,
    { enableDeletionProtection: true },
  ],
  ["production-protection", "aws:s3/bucket:Bucket", { forceDestroy: true }, /every object/, {}],
  ["required-tags", GROUP, { tags: { Project: "shop" } }, /no tag Environment, ManagedBy/, tagged],
  [
    "required-tags",
    GROUP,
    { tags: { ...tagged.tags, Environment: "sandbox" } },
    /says sandbox, and it stands in prod/,
    tagged,
  ],
  [
    "no-secret-in-clear",
    TASK,
    container("DB_PASSWORD", SENTINEL),
    /DB_PASSWORD/,
    container("DB_USER", "shop"),
  ],
  ["no-secret-in-clear", TASK, container("PAYMENT", SENTINEL), /PAYMENT/, container("PAYMENT", "on")],
  [
    "no-secret-in-clear",
    LAMBDA,
    { environment: { variables: { API_KEY: SENTINEL } } },
    /API_KEY/,
    { environment: { variables: { CLUSTER: "shop" } } },
  ],
];

const found = (rule: string, type: string, props: Props, environment = "prod", protect = true) =>
  violations({ type, name: "it", props, environment, protect }).filter(
    (violation) => violation.rule === rule,
  );

for (const [rule, type, wrong, words, right] of CASES)
  test(`${rule} refuses ${type.split(":")[2]} where ${words.source.replaceAll("\\", "")}`, () => {
    const refused = found(rule, type, wrong);
    assert.equal(refused.length, 1, refused.map(inWords).join("\n"));
    const said = refused.map(inWords).join("");
    assert.match(said, words);
    assert.match(said, /^it \(.+\): .+\. Why it matters: .+\. Remedy: .+\.$/);
    assert.ok(!said.includes(SENTINEL), "a secret's value is never repeated");
    assert.deepEqual(found(rule, type, right), []);
  });

test("every rule has a case", () => {
  const names = RULES.map(({ name }) => name);
  assert.deepEqual(new Set(CASES.map(([rule]) => rule)), new Set(names));
});

test("the sandbox may be thrown away", () => {
  assert.deepEqual(found("production-protection", DATABASE, { skipFinalSnapshot: true }, "sandbox"), []);
});

test("what holds data in production is protected by Pulumi too, unless its tag says until when it is not", () => {
  for (const type of STATEFUL) {
    const props = type === DATABASE ? { ...kept, deletionProtection: false } : {};
    const refused = found("production-protection", type, type === DATABASE ? kept : props, "prod", false);
    assert.match(refused.map(inWords).join("\n"), /Pulumi would delete or replace it without a word/);
    const lifted = { ...props, tags: { ...tagged.tags, ProtectionLiftedUntil: "2026-12-01" } };
    assert.deepEqual(found("production-protection", type, lifted, "prod", false), []);
    assert.deepEqual(found("production-protection", type, {}, "sandbox", false), []);
  }
});

test("a lifted protection lifts nothing but the protection", () => {
  const lifted = { ...kept, skipFinalSnapshot: true, tags: { ProtectionLiftedUntil: "2026-12-01" } };
  assert.equal(found("production-protection", DATABASE, lifted).length, 1);
});

test("a value that is no JSON is left to AWS", () => {
  assert.deepEqual(found("no-administrator", POLICY, { policy: "{" }), []);
  assert.deepEqual(found("no-secret-in-clear", TASK, { containerDefinitions: "[" }), []);
});

test("what takes tags is what the facts say takes tags", () => {
  const taking = allTypes().filter((type) => {
    const { required, optional } = factsOf(type);
    return type.startsWith("aws:") && [...required, ...optional].includes("tags");
  });
  assert.deepEqual(TAGGABLE, taking);
});

for (const example of examples())
  test(`${example} breaks no rule in either environment`, async () => {
    const stacks = await exampleDeclared(example);
    for (const environment of ENVIRONMENTS) {
      const { resources } = stacks[environment].stack;
      const broken = resources.flatMap(({ type, urn, inputs, protect }) =>
        violations({ type, name: urn.split("::").at(-1) ?? urn, props: inputs, environment, protect }),
      );
      assert.deepEqual(broken.map(inWords), []);
    }
  });
