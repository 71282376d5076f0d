import { looksSecret } from "../../config/looks-secret";
import { type Fields, fields, json, list, statements } from "../reading";
import type { Rule } from "../rule";

/** No role may do everything. */
export const noAdministrator: Rule = {
  name: "no-administrator",
  why: "whoever takes over what has this role takes over the account",
  remedy: "name the actions and resources that are needed",
  check: ({ type, props }) => {
    if (!type.startsWith("aws:iam/")) return [];
    const inline = list(props.inlinePolicies).map((each) => fields(each).policy);
    const managed = [props.policyArn, ...list(props.managedPolicyArns)];
    return [
      ...[props.policy, ...inline]
        .flatMap(statements)
        .filter(allowsAll)
        .map(
          ({ Sid }) =>
            `its policy allows everything${Sid === undefined ? "" : ` (statement ${String(Sid)})`}`,
        ),
      ...managed.filter(isAdministrator).map(() => "it is given AdministratorAccess"),
    ];
  },
};

function allowsAll({ Effect, Action, NotAction, Resource }: Fields): boolean {
  // All but a few is as good as all.
  const everything =
    NotAction !== undefined || list(Action).some((action) => action === "*" || action === "*:*");
  return Effect === "Allow" && everything && list(Resource).includes("*");
}

const isAdministrator = (arn: unknown) =>
  typeof arn === "string" && arn.endsWith(":policy/AdministratorAccess");

/** Secrets reach a process by reference, never as a variable in clear. */
export const noSecretInClear: Rule = {
  name: "no-secret-in-clear",
  why: "variables in clear are read by everybody who may list tasks or functions, and stay in every old revision",
  remedy: "declare it under secrets, and change the value at its source: it has been seen",
  check: ({ type, props }) =>
    variables(type, props)
      .filter(([name, value]) => looksSecret(name, value))
      .map(([name]) => `its variable ${name} looks like a secret in clear (not repeated here)`),
};

function variables(type: string, props: Fields): readonly (readonly [string, unknown])[] {
  if (type === "aws:lambda/function:Function")
    return Object.entries(fields(fields(props.environment).variables));
  if (type !== "aws:ecs/taskDefinition:TaskDefinition") return [];
  const containers = list(json(props.containerDefinitions)).map(fields);
  return containers
    .flatMap(({ environment }) => list(environment).map(fields))
    .map(({ name, value }) => [String(name), value] as const);
}
