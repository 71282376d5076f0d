import { Document } from "yaml";
import { type NoticeTarget, targetOf } from "../../components/workflows/notice";
import { watcherWorkflow } from "../../components/workflows/watcher";
import { serialise, type ToldWorkflow } from "../../components/workflows/workflow";
import type { NoticesSettings } from "../../config/schema";
import { openProject, settingsOf, stackFile } from "../project";
import { check } from "./check";
import { preview } from "./preview";
import { upProd, upSandbox } from "./up";
import { SMTP, WEBHOOK } from "./variables";
import { drift, secretAges } from "./watch";

type Workflows = Readonly<Record<string, ToldWorkflow>>;

const fileOf = (name: string) => `.github/workflows/${name}.yml`;

function working(target: NoticeTarget): Workflows {
  return {
    check: check(target),
    preview: preview(target),
    "up-sandbox": upSandbox(target),
    "up-prod": upProd(target),
    drift: drift(target),
    "secret-ages": secretAges(target),
  };
}

/** The workflows of this repository and their watcher, by file name. Their notices go where production's go. */
export function workflowsFor(notices: NoticesSettings): Workflows {
  const target = targetOf({ webhook: WEBHOOK, smtp: SMTP }, notices);
  const workflows = working(target);
  const watched = Object.entries(workflows).map(([file, { name }]) => ({ name, file: fileOf(file) }));
  return { ...workflows, "watch-stack": watcherWorkflow("stack", watched, target) };
}

/** What this checkout's project says of notices. No secret is opened for it. */
function ownNotices(): NoticesSettings {
  const project = openProject();
  const { encryptionsalt: _, ...closed } = stackFile(project, "prod");
  return settingsOf({ ...project, stacks: { prod: closed } }, "prod").notices;
}

/** The workflows of this repository, by file name. */
export const WORKFLOWS: Workflows = workflowsFor(ownNotices());

const ORIGIN = "Written by `npm run workflows`: the next run undoes edits made here.";

/** The texts of all files that are written, by path in the repository. */
export function workflowFiles(workflows = WORKFLOWS): Readonly<Record<string, string>> {
  const texts = Object.entries(workflows).map(([name, workflow]) => [
    fileOf(name),
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
