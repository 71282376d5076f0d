import { Listr } from "listr2";
import pc from "picocolors";
import { ENVIRONMENTS, type EnvironmentName } from "../../config/settings";
import { CommandError } from "../errors";
import { openProject, type Project, settingsOfBoth } from "../project";
import { standing } from "../standing";
import { changes, counted, isResource, type Outcome, reasons, told, type Way } from "../way";
import { chooseWay, type EngineChoice } from "../ways";

interface RehearseOptions {
  readonly example?: string;
  readonly engine: EngineChoice;
  readonly fresh?: boolean;
}

const TITLES: Readonly<Record<EnvironmentName, string>> = { sandbox: "Sandbox", prod: "Production" };

/** Brings the sandbox up, promotes to production, and says what stands and what to try next. */
export async function rehearse({ example, engine, fresh }: RehearseOptions): Promise<void> {
  const project = openProject(example);
  settingsOfBoth(project);
  const { way, remark, close } = await chooseWay(project, { engine, fresh: fresh === true });
  try {
    console.log(
      `Rehearsing ${pc.bold(project.name)} ${way.name}${remark === undefined ? "" : ` (${remark})`}.\n`,
    );
    const outcomes = await bringUp(way);
    for (const { warnings } of Object.values(outcomes))
      for (const text of warnings) console.warn(pc.yellow(text));
    console.log(`\n${standing(outcomes)}\n`);
    console.log(next(project, example, Object.values(outcomes)));
  } finally {
    await close();
  }
}

type Outcomes = Record<EnvironmentName, Outcome>;

/** Both environments in the order of promotion, with progress. */
async function bringUp(way: Way): Promise<Outcomes> {
  const outcomes: Partial<Outcomes> = {};
  const tasks = ENVIRONMENTS.map((environment) => ({
    title: TITLES[environment],
    task: async (_: unknown, task: { title: string; output: string }) => {
      let done = 0;
      const outcome = await way.run(environment, "up", ({ type, name }) => {
        done += 1;
        task.output = `${done}: ${type.split(":").at(-1)} ${name}`;
      });
      if (outcome.failures.length > 0) throw new CommandError(failureOf(environment, outcome));
      outcomes[environment] = outcome;
      task.title = `${TITLES[environment]}: ${said(outcome)}`;
    },
  }));
  const live = process.stdout.isTTY === true && process.env.CI === undefined;
  await new Listr(tasks, { renderer: live ? "default" : "silent" }).run();
  if (!live)
    for (const environment of ENVIRONMENTS)
      console.log(`${TITLES[environment]}: ${said(outcomes[environment] as Outcome)}`);
  return outcomes as Outcomes;
}

function said({ steps, seconds }: Outcome): string {
  const changing = told(steps);
  const what =
    changing.length === 0
      ? `nothing changes, ${steps.filter(isResource).length} resources stand`
      : counted(changing, true);
  return `${what} ${pc.dim(`(${seconds.toFixed(1)} s)`)}`;
}

function failureOf(environment: EnvironmentName, outcome: Outcome): string {
  const done = changes(outcome.steps).length;
  const kept = done === 0 ? [] : [`${done} steps were done before that and are kept: run it again to go on.`];
  return [`${TITLES[environment]} does not stand:`, reasons(outcome), ...kept].join("\n");
}

function next(project: Project, example: string | undefined, outcomes: readonly Outcome[]): string {
  const option = example === undefined ? "" : ` --example ${example}`;
  const again = outcomes.every(({ steps }) => changes(steps).length === 0);
  const rows = [
    [`npx tandem parity${option}`, "what differs between the two, and why"],
    [`npx tandem plan${option}`, "what an up would do now; change a value in the YAML first"],
    [`npx tandem secrets${option}`, "how old each secret is, and who uses it"],
    [`npx tandem map${option}`, "a picture of the environment"],
    again
      ? [`npx tandem rehearse${example ? ` ${example}` : ""} --fresh`, "from nothing, once more"]
      : [`npm start${example ? ` -- ${example}` : ""}`, "once more: nothing changes"],
    [`npx tandem status${option}`, "how both environments are, side by side"],
    ["docs/day-to-day.md", "release, promote, review, rotate, back up, restore"],
    ["docs/real-clouds.md", `${project.name} in accounts of your own`],
  ] as const;
  const width = Math.max(...rows.map(([command]) => command.length));
  return [
    pc.bold("Try next"),
    ...rows.map(([command, why]) => `  ${command.padEnd(width)}  ${pc.dim(why)}`),
  ].join("\n");
}
