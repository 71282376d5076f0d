import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, FakeCloud, refusal, trust } from "./context.test-helper";
import { rules } from "./iam";

const ROLE = "aws:iam/role:Role";
const POLICY = "aws:iam/policy:Policy";
const INLINE = "aws:iam/rolePolicy:RolePolicy";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";
const READ = JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] });
const GITHUB = "token.actions.githubusercontent.com";

function account() {
  const cloud = new FakeCloud(rules);
  const role = cloud.create(ROLE, { name: "task", assumeRolePolicy: trust("ecs-tasks.amazonaws.com") });
  return { cloud, role };
}

function big(characters: number): string {
  const Resource = `arn:aws:s3:::${"x".repeat(characters)}`;
  return JSON.stringify({ Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }] });
}

function githubTrust(conditions: Record<string, string>): string {
  const Principal = { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${GITHUB}` };
  const Action = "sts:AssumeRoleWithWebIdentity";
  const Condition = { StringEquals: conditions };
  return JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action, Condition }] });
}

test("a role's ARN is global and its id is its name", () => {
  const { role } = account();
  assert.equal(role.id, "task");
  assert.equal(role.outputs.arn, `arn:aws:iam::${ACCOUNT}:role/task`);
});

test("a role's name is taken in any case", () => {
  const inputs = { name: "TASK", assumeRolePolicy: trust("ecs-tasks.amazonaws.com") };
  assert.throws(() => account().cloud.create(ROLE, inputs, "b"), refusal("EntityAlreadyExists"));
});

test("a trust policy that is no policy, or names nobody, is refused", () => {
  const { cloud } = account();
  const create = (assumeRolePolicy: string) => () => cloud.create(ROLE, { name: "b", assumeRolePolicy }, "b");
  assert.throws(create("{"), refusal("MalformedPolicyDocument", /JSON/));
  assert.throws(create(READ), refusal("MalformedPolicyDocument", /Principal/));
});

test("a trust policy that names a role that does not exist is refused", () => {
  const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:role/nobody` };
  const assumeRolePolicy = JSON.stringify({
    Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole" }],
  });
  const create = () => account().cloud.create(ROLE, { name: "b", assumeRolePolicy }, "b");
  assert.throws(create, refusal("MalformedPolicyDocument", /nobody/));
});

test("a role for GitHub's tokens needs conditions on audience and subject", () => {
  const { cloud } = account();
  const create = (conditions: Record<string, string>) => () =>
    cloud.create(ROLE, { name: "ci", assumeRolePolicy: githubTrust(conditions) }, "ci");
  const aud = { [`${GITHUB}:aud`]: "sts.amazonaws.com" };
  assert.throws(create(aud), refusal("MalformedPolicyDocument", /:sub/));
  assert.throws(create({ [`${GITHUB}:sub`]: "repo:a/b:*" }), refusal("MalformedPolicyDocument", /:aud/));
  create({ ...aud, [`${GITHUB}:sub`]: "repo:a/b:environment:sandbox" })();
});

test("a role with policies is kept, even when they were attached by hand, unless it is told to detach them", () => {
  const { cloud, role } = account();
  role.contents = { attachedPolicies: ["arn:aws:iam::aws:policy/ReadOnlyAccess"] };
  assert.throws(() => cloud.remove(role), refusal("DeleteConflict", /ReadOnlyAccess/));
  cloud.update(role, { forceDetachPolicies: true });
  cloud.remove(role);
});

test("a policy is kept while a role has it", () => {
  const { cloud } = account();
  const policy = cloud.create(POLICY, { name: "read", policy: READ });
  cloud.create(ATTACHMENT, { role: "task", policyArn: policy.outputs.arn });
  assert.throws(() => cloud.remove(policy), refusal("DeleteConflict", /task/));
});

test("a policy above IAM's size is refused, white space aside", () => {
  const { cloud } = account();
  assert.throws(
    () => cloud.create(POLICY, { name: "p", policy: big(6200) }),
    refusal("LimitExceeded", /6144/),
  );
  cloud.create(POLICY, { name: "q", policy: READ + " ".repeat(7000) });
});

test("the inline policies of a role share one limit", () => {
  const { cloud } = account();
  cloud.create(INLINE, { role: "task", name: "a", policy: big(6000) }, "a");
  const second = { role: "task", name: "b", policy: big(6000) };
  assert.throws(() => cloud.create(INLINE, second, "b"), refusal("LimitExceeded", /10240/));
});

test("policies go to a role that exists, by its name", () => {
  const { cloud, role } = account();
  const put = (name: unknown) => () => cloud.create(INLINE, { role: name, name: "a", policy: READ });
  assert.throws(put("nobody"), refusal("NoSuchEntity"));
  assert.throws(put(role.outputs.arn), refusal("ValidationError", /name/));
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/none`;
  assert.throws(() => cloud.create(ATTACHMENT, { role: "task", policyArn }), refusal("NoSuchEntity"));
  cloud.create(ATTACHMENT, { role: "task", policyArn: "arn:aws:iam::aws:policy/ReadOnlyAccess" });
});

test("an account has one provider for a token issuer", () => {
  const { cloud } = account();
  cloud.create(PROVIDER, { url: `https://${GITHUB}`, clientIdLists: ["sts.amazonaws.com"] });
  const again = { url: GITHUB, clientIdLists: ["sts.amazonaws.com"] };
  assert.throws(() => cloud.create(PROVIDER, again, "b"), refusal("EntityAlreadyExists"));
});
