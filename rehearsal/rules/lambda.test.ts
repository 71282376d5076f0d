import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Props } from "../types";
import { ACCOUNT, EMPTY_WORLD, FakeCloud, refusal, trust } from "./context.test-helper";
import { rules as ecs } from "./ecs";
import { rules as iam } from "./iam";
import { rules } from "./lambda";

const FUNCTION = "aws:lambda/function:Function";
const PERMISSION = "aws:lambda/permission:Permission";
const INVOCATION = "aws:lambda/invocation:Invocation";

function functions(service = "lambda.amazonaws.com", world = EMPTY_WORLD) {
  const cloud = new FakeCloud({ ...rules, ...ecs, ...iam }, world);
  const role = cloud.create("aws:iam/role:Role", { name: "run", assumeRolePolicy: trust(service) });
  const zip = {
    name: "probe",
    code: {},
    handler: "index.handler",
    runtime: "nodejs22.x",
    role: role.outputs.arn,
  };
  const make = (inputs: Props = {}, name = "main") => cloud.create(FUNCTION, { ...zip, ...inputs }, name);
  return { cloud, make };
}

test("a function's ARNs have AWS's shape", () => {
  const { outputs } = functions().make();
  assert.equal(outputs.arn, `arn:aws:lambda:eu-west-3:${ACCOUNT}:function:probe`);
  assert.equal(outputs.qualifiedArn, `${outputs.arn}:$LATEST`);
});

test("a function has one source of code, and a handler", () => {
  const refused = (words: RegExp) => refusal("InvalidParameterValueException", words);
  assert.throws(() => functions().make({ imageUri: "x" }), refused(/one of code/));
  assert.throws(() => functions().make({ handler: undefined }), refused(/handler/));
});

test("variables of more than 4 KiB are refused", () => {
  const environment = (length: number) => ({ environment: { variables: { WORDS: "x".repeat(length) } } });
  functions().make(environment(4000));
  assert.throws(
    () => functions().make(environment(4096)),
    refusal("InvalidParameterValueException", /4KB limit/),
  );
});

test("a role that the service cannot assume is refused", () => {
  assert.throws(
    () => functions("ecs.amazonaws.com").make(),
    refusal("InvalidParameterValueException", /assumed/),
  );
});

test("a function's name is taken once", () => {
  const { make } = functions();
  make();
  assert.throws(() => make({}, "b"), refusal("ResourceConflictException"));
});

test("permissions need their function and a statement of their own", () => {
  const { cloud, make } = functions();
  const permit = (inputs: Props, name: string) => () =>
    cloud.create(
      PERMISSION,
      { action: "lambda:InvokeFunction", principal: "sns.amazonaws.com", statementId: "sns", ...inputs },
      name,
    );
  assert.throws(permit({ function: "none" }, "a"), refusal("ResourceNotFoundException"));
  const { arn } = make().outputs;
  permit({ function: "probe" }, "b")();
  assert.throws(permit({ function: arn }, "c"), refusal("ResourceConflictException"));
});

describe("an invocation", () => {
  const world = {
    ...EMPTY_WORLD,
    functions: { probe: { look: { at: "<now>", urls: [] }, run: { error: "exit code 1" } } },
  };
  const call = (input: object) => {
    const { cloud, make } = functions("lambda.amazonaws.com", world);
    make();
    return cloud.create(INVOCATION, { functionName: "probe", input: JSON.stringify(input) });
  };

  test("gets the answer that the world has for what it asks, at the clouds' instant", () => {
    assert.deepEqual(JSON.parse(String(call({ do: "look" }).outputs.result)), {
      at: "2026-11-22T12:00:00.000Z",
      urls: [],
    });
    assert.equal(call({ do: "else" }).outputs.result, "null");
  });

  test("fails where the world says so", () => {
    assert.throws(() => call({ do: "run" }), refusal("FunctionError", /exit code 1/));
  });

  test("that names a task definition, at any depth, needs one that starts", () => {
    const missing = refusal("FunctionError", /no task definition release-web/);
    assert.throws(() => call({ do: "look", taskDefinition: "release-web" }), missing);
    assert.throws(() => call({ do: "look", all: [{ first: { taskDefinition: "release-web" } }] }), missing);
  });
});

test("an invocation tells the function's answer, and fails as it fails", () => {
  const { cloud, make } = functions();
  const call = () => cloud.create(INVOCATION, { functionName: "probe", input: "{}" });
  assert.throws(call, refusal("ResourceNotFoundException"));
  const made = make();
  made.contents = { failure: "no route" };
  assert.throws(call, refusal("FunctionError", /no route/));
  made.contents = { answer: '{"ok":true}' };
  assert.equal(call().outputs.result, '{"ok":true}');
});
