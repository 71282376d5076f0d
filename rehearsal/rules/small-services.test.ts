import assert from "node:assert/strict";
import { test } from "node:test";
import type { Props } from "../types";
import { rules as budgets } from "./budgets";
import { ACCOUNT, FakeCloud, refusal } from "./context.test-helper";
import { rules as route53 } from "./route53";
import { rules as ssm } from "./ssm";

const PARAMETER = "aws:ssm/parameter:Parameter";
const BUDGET = "aws:budgets/budget:Budget";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const MONTHLY = {
  name: "shop",
  budgetType: "COST",
  timeUnit: "MONTHLY",
  limitAmount: "100",
  limitUnit: "USD",
};

const cloudOf = () => new FakeCloud({ ...ssm, ...budgets, ...route53 });
const parameter = (inputs: Props) => () =>
  cloudOf().create(PARAMETER, { name: "/shop/flag", type: "String", ...inputs });
const budget = (inputs: Props) => () => cloudOf().create(BUDGET, { ...MONTHLY, ...inputs });

test("a parameter's ARN holds its path, and its version counts up", () => {
  const cloud = cloudOf();
  const made = cloud.create(PARAMETER, { name: "/shop/flag", type: "String", value: "a" });
  assert.equal(made.outputs.arn, `arn:aws:ssm:eu-west-3:${ACCOUNT}:parameter/shop/flag`);
  assert.equal(cloud.update(made, { value: "b" }).outputs.version, 2);
});

test("a parameter that exists is overwritten only when told to", () => {
  const cloud = cloudOf();
  const inputs = { name: "/shop/flag", type: "String", value: "a" };
  const made = cloud.create(PARAMETER, inputs);
  assert.throws(() => cloud.create(PARAMETER, inputs, "b"), refusal("ParameterAlreadyExists"));
  assert.throws(() => cloud.update(made, { overwrite: false }), refusal("ParameterAlreadyExists"));
});

test("a parameter has one value, of a size for its tier", () => {
  assert.throws(parameter({}), refusal("ValidationException", /exactly one/));
  assert.throws(parameter({ value: "x".repeat(4097) }), refusal("ValidationException", /4096/));
  parameter({ value: "x".repeat(4097), tier: "Advanced" })();
});

test("a SecureString takes no value in clear", () => {
  const inputs = { type: "SecureString", insecureValue: "a" };
  assert.throws(parameter(inputs), refusal("ValidationException", /SecureString/));
});

test("a path has at most 15 levels", () => {
  const inputs = { name: "/a".repeat(16), value: "x" };
  assert.throws(parameter(inputs), refusal("HierarchyLevelLimitExceededException"));
});

test("a parameter's type stays", () => {
  const cloud = cloudOf();
  const made = cloud.create(PARAMETER, { name: "a", type: "String", value: "a" });
  assert.throws(
    () => cloud.update(made, { type: "SecureString" }),
    refusal("HierarchyTypeMismatchException"),
  );
});

test("a budget's name is taken once", () => {
  const cloud = cloudOf();
  assert.equal(cloud.create(BUDGET, MONTHLY).id, `${ACCOUNT}:shop`);
  assert.throws(() => cloud.create(BUDGET, MONTHLY, "b"), refusal("DuplicateRecordException"));
});

test("a budget has a limit, a period in order, and somebody to tell", () => {
  const refused = (words: RegExp) => refusal("InvalidParameterException", words);
  assert.throws(budget({ limitAmount: undefined }), refused(/limitAmount/));
  const period = { timePeriodStart: "2027-01-01_00:00", timePeriodEnd: "2026-01-01_00:00" };
  assert.throws(budget(period), refused(/before/));
  assert.throws(budget({ notifications: [{ threshold: 80 }] }), refused(/somebody/));
});

test("a health check of other checks takes no port", () => {
  const create = (inputs: Props) => () => cloudOf().create(CHECK, inputs);
  assert.throws(create({ type: "CALCULATED", port: 443 }), refusal("InvalidInput", /port/));
  const { id, outputs } = create({ type: "HTTPS", fqdn: "shop.example" })();
  assert.equal(outputs.arn, `arn:aws:route53:::healthcheck/${id}`);
});
