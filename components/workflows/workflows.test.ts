import { dataWorkflow } from "./data";
import { deployWorkflow } from "./deploy";
import { jobsWorkflow } from "./jobs";
import { maintenanceWorkflow } from "./maintenance";
import { NOTICES } from "./notices.test-helper";
import { keepsTheRules } from "./rules.test-helper";
import { siteWorkflow } from "./site";
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

const JOBS = {
  export: { inputs: {} },
  import: {
    inputs: { DUMP: { question: "Which dump?" }, YEAR: { question: "Which year?", default: "2026" } },
  },
};

keepsTheRules(
  "maintenance prod",
  maintenanceWorkflow({ environment: "prod", applications: ["web", "back-office"], notices: NOTICES }),
);

keepsTheRules("jobs prod", jobsWorkflow({ environment: "prod", jobs: JOBS, notices: NOTICES }));

// The time as it stands in the file: nobody writes it but the file.
keepsTheRules(
  "data prod",
  dataWorkflow({ environment: "prod", schedules: { ocr: { cron: "0 7 * * *" } }, notices: NOTICES }),
  { reads: ["github.event.schedule"] },
);

for (const [title, workflow] of Object.entries(EVERY)) keepsTheRules(title, workflow);

const SITE = { host: "site.example", directory: "docs", compile: "hugo", output: "public", variables: {} };

for (const target of ["bucket", "pages"] as const)
  keepsTheRules(
    `site prod, ${target}`,
    siteWorkflow({
      environment: "prod",
      key: "web",
      branch: "main",
      settings: { ...SITE, target, node: "22", python: "3.13" },
      noindex: true,
      notices: NOTICES,
    }),
    target === "pages" ? { keys: ["upload"] } : {},
  );

const DATABASE = { key: "main", line: "8.4", schema: "shop", user: "app", prefix: "DB", url: "DATABASE_URL" };
const PROVED = SEVERAL.map((one) => ({
  ...one,
  proof: {
    variables: { ENV: "SANDBOX" },
    generated: ["SECRET_KEY"],
    given: ["MAP_KEY"],
    databases: [DATABASE, { ...DATABASE, key: "stock", prefix: "STOCK" }],
    release: ["migrate"],
    test: ["test"],
    demoData: ["load"],
  },
}));

for (const environment of ["sandbox", "prod"])
  for (const shared of [false, true])
    keepsTheRules(
      `deploy ${environment}, proved, for ${shared ? "the stack in the same repository" : "a stack of its own"}`,
      deployWorkflow({
        notices: NOTICES,
        environment,
        branch: "main",
        applications: PROVED,
        stack: { repository: "acme/stack", shared },
        promotesFrom: environment === "prod" ? "sandbox" : undefined,
      }),
      shared ? { permissions: ["actions: write"] } : { keys: ["release", "promote"] },
    );
