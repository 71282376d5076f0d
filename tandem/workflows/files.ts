import { Document } from "yaml";
import { serialise, type ToldWorkflow } from "../../components/workflows/workflow";
import { check } from "./check";
import { preview } from "./preview";
import { upProd, upSandbox } from "./up";
import { drift, secretAges } from "./watch";

/** The workflows of this repository, by file name. */
export const WORKFLOWS: Readonly<Record<string, ToldWorkflow>> = {
  check: check(),
  preview: preview(),
  "up-sandbox": upSandbox(),
  "up-prod": upProd(),
  drift: drift(),
  "secret-ages": secretAges(),
};

const ORIGIN = "Written by `npm run workflows`: the next run undoes edits made here.";

/** The texts of all files that are written, by path in the repository. */
export function workflowFiles(): Readonly<Record<string, string>> {
  const texts = Object.entries(WORKFLOWS).map(([name, workflow]) => [
    `.github/workflows/${name}.yml`,
    serialise(workflow, ORIGIN),
  ]);
  return { ...Object.fromEntries(texts), ".github/dependabot.yml": dependabot() };
}

/**
 * Weekly updates of packages; a version has to be a week old, by which time most poisoned ones have been found.
 * None of actions: their pins are kept in components/workflows/pins.ts.
 */
function dependabot(): string {
  const document = new Document({
    version: 2,
    updates: [
      {
        "package-ecosystem": "npm",
        directory: "/",
        schedule: { interval: "weekly" },
        cooldown: { "default-days": 7 },
      },
    ],
  });
  document.commentBefore = ` ${ORIGIN}`;
  return document.toString({ lineWidth: 0 });
}
