import { Document, isMap, isScalar, type Scalar, visit } from "yaml";
import { type Action, PINS } from "./pins";

/** Minutes after which GitHub gives up. */
type Minutes = number;

interface AnyStep {
  readonly name: string;
  readonly id?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A step that runs out of time fails its job; a job that does counts as cancelled, and nobody is told. */
  readonly "timeout-minutes": Minutes;
}

/** A step that is an action; its commit comes from pins.ts. */
export interface ActionStep extends AnyStep {
  readonly uses: Action;
  readonly with?: Readonly<Record<string, string | boolean>>;
}

/** A step that is a script. It reads every value from `env`: an expression in a script would be run. */
export interface RunStep extends AnyStep {
  readonly run: string;
}

export type Step = ActionStep | RunStep;

/** What a job's token may do. `{}` is nothing. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** A container beside a job, reached under its key. It is well before the job's first step begins. */
export interface Service {
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Words for `docker create`. */
  readonly options: string;
}

export interface Job {
  readonly name?: string;
  readonly needs?: readonly string[];
  readonly if?: string;
  readonly "runs-on": string;
  /** The GitHub environment whose variables and protection apply. */
  readonly environment?: string;
  readonly permissions: Permissions;
  readonly "timeout-minutes": Minutes;
  readonly services?: Readonly<Record<string, Service>>;
  readonly outputs?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** A workflow as data, in GitHub's own vocabulary. */
export interface Workflow {
  readonly name: string;
  readonly on: Readonly<Record<string, unknown>>;
  /** A comment above the triggers: why what a linter finds in them does not hold here. */
  readonly remark?: string;
  readonly concurrency: {
    readonly group: string;
    readonly "cancel-in-progress": boolean;
    /** `max` keeps every run that waits, in order. @default the newest overtakes what waits */
    readonly queue?: "max";
  };
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A workflow that tells when it failed: the only kind that is written to a repository. */
export interface ToldWorkflow extends Workflow {
  readonly jobs: Workflow["jobs"] & { readonly notice: Job };
}

/**
 * A job whose time-out is the sum of its steps' and five minutes more: the step's own time-out is always
 * the first to strike, the job's is the backstop.
 */
export function job(parts: Omit<Job, "timeout-minutes">): Job {
  const steps = parts.steps.reduce((sum, step) => sum + step["timeout-minutes"], 0);
  return { ...parts, "timeout-minutes": steps + 5 };
}

/** GitHub's way to write an expression. */
export const expression = (text: string): string => `\${{ ${text} }}`;

const WORKFLOW_KEYS = ["name", "on", "permissions", "concurrency", "defaults", "jobs"];
const JOB_KEYS = ["name", "needs", "if", "runs-on", "environment", "permissions", "timeout-minutes"];
const STEP_KEYS = ["name", "id", "if", "uses", "with", "env", "timeout-minutes", "run"];

/**
 * The workflow as a file's text. Equal workflows give equal texts, whatever order they were written in.
 *
 * @param origin who writes the file, for those who would edit it @default the stack
 */
export function serialise(
  workflow: ToldWorkflow,
  origin = "Declared by tandem: the next `pulumi up` undoes edits made here.",
): string {
  const document = new Document(
    ordered(
      {
        ...workflow,
        // Jobs ask for what they need; nothing is given to all of them.
        permissions: {},
        // GitHub's own default shell does not fail when a command before a pipe does.
        defaults: { run: { shell: "bash" } },
        jobs: mapValues(workflow.jobs, orderedJob),
      },
      WORKFLOW_KEYS,
    ),
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = ` ${origin}`;
  const triggers = document.get("on");
  if (workflow.remark !== undefined && isMap(triggers)) triggers.commentBefore = ` ${workflow.remark}`;
  pin(document);
  return document.toString({ lineWidth: 0 });
}

function orderedJob(one: Job): Record<string, unknown> {
  return ordered({ ...one, steps: one.steps.map((step) => ordered(step, STEP_KEYS)) }, [
    ...JOB_KEYS,
    "services",
    "outputs",
    "steps",
  ]);
}

function ordered(value: object, keys: readonly string[]): Record<string, unknown> {
  const given = value as Record<string, unknown>;
  return Object.fromEntries(keys.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}

/** Puts the commit behind each action's name and its release in a comment, where update tools look for it. */
function pin(document: Document): void {
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== "uses" || !isScalar(value)) return;
      const action = value.value as Action;
      (value as Scalar).value = `${action}@${PINS[action].sha}`;
      value.comment = ` ${PINS[action].version}`;
    },
  });
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
