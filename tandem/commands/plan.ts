import pc from "picocolors";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import { CommandError } from "../errors";
import { InProcess } from "../in-process";
import { openProject, type Project } from "../project";
import { counted, isResource, type Outcome, told, type Way } from "../way";
import { chooseWay } from "../ways";

interface PlanOptions {
  readonly stack?: EnvironmentName;
  readonly example?: string;
  readonly json?: boolean;
  /** Of the real stacks instead of the rehearsed ones. */
  readonly real?: boolean;
}

/** Prints what an up would do to the rehearsed environments, or to the real ones. Names of properties only, never a value. */
export async function plan({ stack, example, json, real }: PlanOptions): Promise<void> {
  const project = openProject(example);
  const { way, close } = await chooseWay(project, { engine: real === true ? "real" : "last" });
  const stacks = stack === undefined ? ENVIRONMENTS : [stack];
  try {
    const plans = [];
    for (const name of stacks) {
      const base = name === "prod" ? await withSandbox(project, way) : way;
      plans.push({ stack: name, outcome: await base.run(name, "preview") });
    }
    console.log(json ? machine(way.name, plans) : plans.map(words).join("\n\n"));
    const failures = plans.flatMap(({ outcome }) => outcome.failures);
    if (failures.length > 0) throw new CommandError(failures.map(({ message }) => message).join("\n"));
  } finally {
    await close();
  }
}

/** Production is planned on a sandbox that stands: where none was rehearsed yet, on one that is only imagined. */
async function withSandbox(project: Project, way: Way): Promise<Way> {
  if (!(way instanceof InProcess) || way.memory.stacks.sandbox !== undefined) return way;
  const imagined = new InProcess(project);
  await imagined.run("sandbox", "up");
  return imagined;
}

type Planned = { readonly stack: EnvironmentName; readonly outcome: Outcome };

export function machine(engine: string, plans: readonly Planned[]): string {
  const stacks = plans.map(({ stack, outcome: { steps, failures, warnings } }) => ({
    stack,
    steps,
    failures,
    warnings,
  }));
  return JSON.stringify({ engine, stacks }, null, 2);
}

export function words({ stack, outcome: { steps, failures, warnings } }: Planned): string {
  if (failures.length > 0) return `${pc.bold(stack)}: ${pc.red("cannot stand")}, for the reasons below.`;
  const changing = told(steps);
  const same = steps.filter((step) => step.op === "same" && isResource(step)).length;
  const head = `${pc.bold(stack)}: ${changing.length === 0 ? "nothing changes" : counted(changing, false)}, ${same} stay as they are.`;
  return [head, ...changing.map(line), ...warnings.map((text) => pc.yellow(`  warning: ${text}`))].join("\n");
}

/** A step in a line: what happens, to what, and because of which properties. */
export const line = (step: Step): string =>
  `  ${sign(step)} ${step.type.split(":").at(-1)} ${step.name}${why(step)}`;

function sign({ op }: Step): string {
  if (op === "create") return pc.green("+");
  if (op.startsWith("delete")) return pc.red("-");
  if (op === "retain") return pc.dim("=");
  return pc.yellow(op === "update" ? "~" : "±");
}

function why({ op, changed, replaces }: Step): string {
  if (op === "retain") return pc.dim(" stays where it is, on its own");
  if (replaces !== undefined && replaces.length > 0)
    return pc.dim(` replaced because of ${replaces.join(", ")}`);
  return changed !== undefined && changed.length > 0 ? pc.dim(` ${changed.join(", ")}`) : "";
}
