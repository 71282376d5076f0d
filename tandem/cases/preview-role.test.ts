import assert from "node:assert/strict";
import { test } from "node:test";
import { ENVIRONMENTS } from "../../config/settings";
import { DIFFERENCES } from "../../stacks/differences";
import { declared } from "../declared";
import { compare } from "../parity";
import { openProject, settingsOf } from "../project";
import { variant } from "../variant";
import { objectsOf, standing } from "./rehearsed.test-helper";

const project = variant(openProject("osuny-site"), { shared: { github: { stack: "infrastructure" } } });

test("named, the stack's own repository gets a role for its pull requests in each account", async () => {
  const { memory } = await standing(project);
  const subjects = ENVIRONMENTS.map((stack) => {
    const { accountId, owner } = settingsOf(project, stack);
    const roles = objectsOf(memory, "aws:iam/role:Role", accountId);
    const role = roles.find(({ outputs }) => outputs.arn === memory.stacks[stack]?.outputs.previewRole);
    const [{ Condition }] = JSON.parse(String(role?.inputs.assumeRolePolicy)).Statement;
    const [names, numbers] = Condition.StringEquals["token.actions.githubusercontent.com:sub"];
    assert.equal(names, `repo:${owner}/infrastructure:pull_request`);
    assert.match(numbers, new RegExp(`^repo:${owner}@\\d+/infrastructure@\\d+:pull_request$`));
    return numbers;
  });
  assert.equal(subjects[0], subjects[1]);
});

test("both environments have the same role", async () => {
  const { sandbox, prod } = await declared(project);
  assert.deepEqual(compare(sandbox.neutral, prod.neutral, DIFFERENCES).refused, []);
});
