import { deployWorkflow } from "./deploy";
import { NOTICES } from "./notices.test-helper";
import { keepsTheRules } from "./rules.test-helper";
import type { ToldWorkflow } from "./workflow";

const ONE = [{ key: "web", directory: "." }];
const SEVERAL = [...ONE, { key: "back-office", directory: "apps/back-office" }];

/** Every workflow that the stack declares. A new one is added to this list. */
const EVERY: Readonly<Record<string, ToldWorkflow>> = {
  "deploy sandbox, one application": deployWorkflow({
    notices: NOTICES,
    environment: "sandbox",
    branch: "main",
    applications: ONE,
  }),
  "deploy sandbox, several": deployWorkflow({
    notices: NOTICES,
    environment: "sandbox",
    branch: "release/next",
    applications: SEVERAL,
  }),
  "deploy prod, one application": deployWorkflow({
    notices: NOTICES,
    environment: "prod",
    branch: "main",
    applications: ONE,
    promotesFrom: "sandbox",
  }),
  "deploy prod, several": deployWorkflow({
    notices: NOTICES,
    environment: "prod",
    branch: "main",
    applications: SEVERAL,
    promotesFrom: "sandbox",
  }),
};

for (const [title, workflow] of Object.entries(EVERY)) keepsTheRules(title, workflow);
