import { writeFileSync } from "node:fs";
import { ConfigurationError } from "../../config/mistakes";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { Redactor } from "../../rehearsal/redact";
import { CommandError, EXIT } from "../errors";
import { openProject, type Project, stackConfiguration } from "../project";
import { comment, type Review } from "../review/comment";
import { parityLine } from "../review/parity-line";
import type { Planned } from "../review/planned";
import { fromPreview } from "../review/preview";
import { rehearsed } from "../review/rehearsed";
import { fileSaid, refuseUnwritable } from "../said-files";

export interface ReviewOptions {
  /** The commit that the change is compared with. */
  readonly base?: string;
  readonly example?: string;
  /** Files that `pulumi preview --json` wrote. */
  readonly sandbox?: string;
  readonly prod?: string;
  /** Where the comment goes. @default standard output */
  readonly out?: string;
  readonly json?: boolean;
}

/**
 * Writes what a change would do to both environments as one Markdown comment. That an update would fail is told in
 * it: the command itself has done its work then.
 */
export async function review(options: ReviewOptions): Promise<void> {
  const project = openProject(options.example);
  refuseUnwritable("--out", options.out);
  const found = await reviewed(project, options);
  const text = options.json ? machine(found) : comment(found);
  if (options.out === undefined) process.stdout.write(text);
  else writeFileSync(options.out, text);
}

/** Without inputs: what was in clear before may be a secret now. */
function machine({ plans, ...rest }: Review): string {
  const told = plans.map(({ stack, steps, failures, warnings }) => ({ stack, steps, failures, warnings }));
  return `${JSON.stringify({ ...rest, plans: told }, null, 2)}\n`;
}

async function reviewed(project: Project, options: ReviewOptions): Promise<Review> {
  const { name } = project;
  try {
    const { plans, stacks, remarks } = await plansOf(project, options);
    return { project: name, plans, parity: await parityLine(project, stacks), remarks };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return { project: name, plans: refused(error), parity: [], remarks: [] };
  }
}

async function plansOf(project: Project, { base, example, sandbox, prod }: ReviewOptions) {
  const files = { sandbox, prod };
  if (base !== undefined && sandbox === undefined && prod === undefined)
    return rehearsed(project, base, example);
  if (base !== undefined || (sandbox === undefined && prod === undefined))
    throw new CommandError(
      "review compares with a commit (--base <commit>), or reads what pulumi preview --json wrote (--sandbox <file> --prod <file>): say one of the two.",
      EXIT.usage,
    );
  const redact = redactor(project);
  const plans = ENVIRONMENTS.map((stack) => fromFile(stack, files[stack], redact));
  const partial = "Sums leave out what stays as it is: pulumi preview --json --show-sames names it as well.";
  const remarks = ["Read from previews of the real environments."];
  return {
    plans,
    stacks: {},
    remarks: plans.some((plan) => plan.partial) ? [...remarks, partial] : remarks,
  };
}

/** A preview that was not even written has failed before Pulumi could say why. */
function fromFile(
  stack: EnvironmentName,
  file: string | undefined,
  redact: (text: string) => string,
): Planned {
  const text =
    file === undefined ? "" : fileSaid(`--${stack}`, file, "a file that pulumi preview --json wrote");
  if (text.trim() !== "") return fromPreview(stack, text, redact);
  const message = file === undefined ? "There is no preview of it." : "Pulumi ended without a word.";
  return { stack, steps: [], before: [], after: [], failures: [{ message }], warnings: [] };
}

/** Takes the secrets of the configuration out of a text, as far as they can be opened here. */
function redactor(project: Project): (text: string) => string {
  const redactor = new Redactor();
  for (const stack of ENVIRONMENTS) {
    const { values, secretKeys } = stackConfiguration(project, stack);
    for (const key of secretKeys) redactor.add(values[key]);
  }
  return (text) => redactor.redact(text);
}

/** Nothing can be planned with a configuration that is refused. */
function refused({ message }: ConfigurationError): readonly Planned[] {
  return ENVIRONMENTS.map((stack) => ({
    stack,
    steps: [],
    before: [],
    after: [],
    failures: [{ message }],
    warnings: [],
  }));
}
