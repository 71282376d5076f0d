import { type NoticeTarget, withFailureNotice } from "../../components/workflows/notice";
import { expression, job, type ToldWorkflow } from "../../components/workflows/workflow";
import { checkOut, setUpNode } from "./steps";
import { BRANCH } from "./variables";

/** Formatter, linter, types and all tests. No credentials: it is safe for everybody's pull request. */
export function check(target: NoticeTarget): ToldWorkflow {
  return withFailureNotice(
    {
      name: "check",
      on: { pull_request: {}, push: { branches: [BRANCH] } },
      concurrency: {
        // Each commit of the branch has its own group: only pull requests overtake themselves.
        group: `check-${expression("github.event.pull_request.number || github.sha")}`,
        "cancel-in-progress": true,
      },
      jobs: {
        check: job({
          "runs-on": "ubuntu-24.04",
          permissions: { contents: "read" },
          steps: [checkOut(), setUpNode, { name: "Check", "timeout-minutes": 30, run: "bash .ci/run\n" }],
        }),
      },
    },
    target,
  );
}
