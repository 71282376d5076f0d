import { type NoticeTarget, withFailureNotice } from "../../components/workflows/notice";
import { expression, type Job, job, type ToldWorkflow } from "../../components/workflows/workflow";
import { ENVIRONMENTS } from "../../config/settings";
import { KEPT, previews, REVIEW, review } from "./previews";
import { checkOut, fetchKept, install, prepared, setUpNode } from "./steps";
import { OWN_TOKEN, PREVIEWING, previewRole } from "./variables";

/**
 * Reviews a pull request: what it would do to both environments, in one comment.
 *
 * Whoever opens one decides what its code does. So the code that is proposed never runs beside a token that
 * can write: it leaves a text, and another job, which runs the code of the base, posts it. A fork's run has
 * neither secrets nor such a token: it is reviewed on the rehearsal, into the run's summary.
 */
export function preview(target: NoticeTarget): ToldWorkflow {
  return withFailureNotice(
    {
      name: "preview",
      on: { pull_request: {} },
      concurrency: {
        group: `preview-${expression("github.event.pull_request.number")}`,
        "cancel-in-progress": true,
      },
      jobs: { preview: real(), rehearsal: rehearsed(), comment: comment() },
    },
    target,
  );
}

/** Dependabot's runs get no secrets either, although its branches are the repository's own. */
const OWN = [
  "github.event.pull_request.head.repo.full_name == github.repository",
  "github.event.pull_request.user.login != 'dependabot[bot]'",
].join(" && ");

/** Until the operator has named a role for each environment there is nothing to preview with. */
const REAL = [OWN, ...ENVIRONMENTS.map((stack) => `vars.${previewRole(stack)} != ''`)].join(" && ");

/** On the real environments, read only. */
function real(): Job {
  return job({
    name: "preview both environments",
    if: expression(REAL),
    "runs-on": "ubuntu-24.04",
    permissions: { contents: "read", "id-token": "write" },
    outputs: KEPT,
    steps: [...prepared(), ...previews(previewRole, PREVIEWING)],
  });
}

/** Without any credential: the base is applied to the simulated clouds, then the proposal is previewed. */
function rehearsed(): Job {
  return job({
    name: "preview on the rehearsal",
    if: expression(`!(${REAL})`),
    "runs-on": "ubuntu-24.04",
    permissions: { contents: "read" },
    outputs: KEPT,
    steps: [
      checkOut({ history: true }),
      setUpNode,
      install,
      ...review('--base "$BASE"', { BASE: expression("github.event.pull_request.base.sha") }),
    ],
  });
}

/** The only job that may write, and the only one that runs nothing of what is proposed. */
function comment(): Job {
  return job({
    name: "comment",
    needs: ["preview", "rehearsal"],
    if: expression(
      `!cancelled() && ${OWN} && (needs.preview.outputs.review != '' || needs.rehearsal.outputs.review != '')`,
    ),
    "runs-on": "ubuntu-24.04",
    permissions: { contents: "read", "pull-requests": "write" },
    steps: [
      checkOut({ ref: expression("github.event.pull_request.base.sha") }),
      setUpNode,
      install,
      fetchKept(REVIEW),
      {
        name: "Comment",
        env: OWN_TOKEN,
        "timeout-minutes": 3,
        run: `npx tandem comment --file "$RUNNER_TEMP/${REVIEW}"\n`,
      },
    ],
  });
}
