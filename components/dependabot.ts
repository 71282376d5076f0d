import { Document } from "yaml";

export interface DependabotArgs {
  /** What is kept up to date, in Dependabot's own words. */
  readonly ecosystems: readonly string[];
  /** Where the repository's programs stand: `.`, or paths without a slash at their ends. */
  readonly directories: readonly string[];
}

/** What GitHub itself runs or fetches, and so stands at the top of the repository, whatever else is where. */
const OF_THE_REPOSITORY = ["github-actions", "gitsubmodule"];

/**
 * Weekly updates; a version has to be a week old, by which time most poisoned ones have been found. Applications
 * are released apart, so each directory has its own requests. What should break nothing comes as one request: each
 * merge is a build and a release of the sandbox.
 */
export function dependabotFile({ ecosystems, directories }: DependabotArgs): string {
  const everywhere = [...new Set(directories.length === 0 ? ["."] : directories)].sort();
  const document = new Document({
    version: 2,
    updates: [...ecosystems].sort().flatMap((ecosystem) =>
      (OF_THE_REPOSITORY.includes(ecosystem) ? ["."] : everywhere).map((directory) => ({
        "package-ecosystem": ecosystem,
        directory: directory === "." ? "/" : `/${directory}`,
        schedule: { interval: "weekly" },
        cooldown: { "default-days": 7 },
        groups: { small: { "update-types": ["minor", "patch"] } },
      })),
    ),
  });
  document.commentBefore =
    " Declared by tandem: the next `pulumi up` undoes edits made here.\n" +
    " So it undoes bumps of actions in the workflows that it declares: their pins are kept in tandem.";
  return document.toString({ lineWidth: 0 });
}
