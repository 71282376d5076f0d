import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";

/** What the keys of `github` say to each other. */
export function githubMistakes(checkable: Checkable): Mistake[] {
  const { repository, stack, create, dispatch } = checkable.settings.github;
  return [
    ...(dispatch !== undefined && stack === undefined
      ? [
          mistakeAt(checkable, ["github", "dispatch"], {
            found: shown(dispatch),
            allowed: "a token for the stack's own repository, and none is named",
            remedy: "name it under github.stack, or remove dispatch: nothing else is started with it",
          }),
        ]
      : []),
    ...(create && stack === repository
      ? [
          mistakeAt(checkable, ["github", "create"], {
            found: shown(create),
            allowed: "false where the application lives in the stack's repository, which exists",
            remedy: "remove create, or give the application a repository of its own",
          }),
        ]
      : []),
  ];
}
