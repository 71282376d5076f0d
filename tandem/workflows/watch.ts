import { type NoticeTarget, withFailureNotice } from "../../components/workflows/notice";
import { assumeRole } from "../../components/workflows/steps";
import { REGION } from "../../components/workflows/variables";
import { expression, type Job, job, type Step, type ToldWorkflow } from "../../components/workflows/workflow";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { prepared } from "./steps";
import { CONFIGURED, STATE, WATCH, WATCHING, watchRole } from "./variables";

/** Tells when an environment is no longer what was declared. It writes nothing, the state neither. */
export function drift(target: NoticeTarget): ToldWorkflow {
  return scheduled(
    "drift",
    "23 5 * * *",
    Object.fromEntries(
      ENVIRONMENTS.map((stack) => [
        stack,
        watching(stack, {
          name: "Compare",
          env: { ...STATE, ...WATCHING },
          "timeout-minutes": 30,
          // A refresh of its own would write the state and fail afterwards. No --diff: it can show old values.
          run: `npx pulumi preview --stack ${stack} --refresh --expect-no-changes --suppress-outputs --non-interactive\n`,
        }),
      ]),
    ),
    target,
  );
}

/** Tells when a secret is older than its limit. The ages stand in the state: one role opens it. */
export function secretAges(target: NoticeTarget): ToldWorkflow {
  const ages = watching("prod", {
    name: "Look at the ages",
    env: STATE,
    "timeout-minutes": 10,
    run: "npx tandem secrets --real --check\n",
  });
  return scheduled("secret ages", "41 6 * * 1", { ages }, target);
}

/** GitHub ends the schedules of a public repository that nobody pushes to for 60 days: pushes keep them alive. */
function scheduled(
  name: string,
  cron: string,
  jobs: Readonly<Record<string, Job>>,
  target: NoticeTarget,
): ToldWorkflow {
  return withFailureNotice(
    {
      name,
      on: { schedule: [{ cron }], workflow_dispatch: {} },
      concurrency: { group: name.replaceAll(" ", "-"), "cancel-in-progress": false },
      jobs,
    },
    target,
  );
}

function watching(stack: EnvironmentName, step: Step): Job {
  return job({
    if: expression(CONFIGURED),
    "runs-on": "ubuntu-24.04",
    environment: WATCH,
    permissions: { contents: "read", "id-token": "write" },
    steps: [...prepared(), assumeRole(watchRole(stack), REGION), step],
  });
}
