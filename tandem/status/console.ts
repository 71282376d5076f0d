import { spawn } from "node:child_process";
import { DescribeTasksCommand, type ECSClient, paginateListTasks, type Task } from "@aws-sdk/client-ecs";
import { closest } from "fastest-levenshtein";
import { physicalName } from "../../components/names";
import type { Settings } from "../../config/settings";
import { CommandError, EXIT } from "../errors";
import { CONTAINER, type Service, scopeOf, servicesOf } from "./environment";
import { applicationOf } from "./place";

/**
 * The process that is meant; the only one where none is named.
 *
 * @throws CommandError with what was probably meant
 */
export function serviceOf(settings: Settings, askedApplication: string, asked: string | undefined): Service {
  const application = applicationOf(settings, askedApplication);
  const services = servicesOf(settings).filter((each) => each.application === application);
  const names = services.map(({ process }) => process).sort();
  const wanted = asked ?? (names.length === 1 ? names[0] : undefined);
  const found = services.find(({ process }) => process === wanted);
  if (found !== undefined) return found;
  const there = `There are: ${names.join(", ") || "none"}.`;
  throw new CommandError(
    asked === undefined
      ? `Application ${application} has several processes: name one. ${there}`
      : `Application ${application} has no process ${asked}. ${names.length === 0 ? "" : `Did you mean ${closest(asked, names)}? `}${there}`,
    EXIT.usage,
  );
}

/** A task of a process into which somebody may go: the newest one whose agent is awake. */
export async function enterable(ecs: ECSClient, cluster: string, serviceName: string): Promise<string> {
  const tasks: string[] = [];
  for await (const page of paginateListTasks(
    { client: ecs },
    { cluster, serviceName, desiredStatus: "RUNNING" },
  ))
    tasks.push(...(page.taskArns ?? []));
  if (tasks.length === 0)
    throw new CommandError(
      `No task of ${serviceName} runs. npx tandem run starts one of its own for a single command.`,
    );
  const answer = await ecs.send(new DescribeTasksCommand({ cluster, tasks: tasks.slice(0, 100) }));
  const [newest] = (answer.tasks ?? [])
    .filter(isAwake)
    .sort((one, other) => (other.startedAt?.getTime() ?? 0) - (one.startedAt?.getTime() ?? 0));
  if (newest?.taskArn === undefined)
    throw new CommandError(
      `${tasks.length} task(s) of ${serviceName} run, and none lets anybody in yet: their agent starts within a minute.`,
    );
  return newest.taskArn;
}

const isAwake = ({ containers = [], lastStatus }: Task) =>
  lastStatus === "RUNNING" &&
  containers.some(({ managedAgents = [] }) =>
    managedAgents.some(
      ({ name, lastStatus: state }) => name === "ExecuteCommandAgent" && state === "RUNNING",
    ),
  );

/** The AWS CLI's words for a console. */
export function consoleWords(settings: Settings, task: string, command: string): readonly string[] {
  const cluster = physicalName(scopeOf(settings), "", 255);
  const where = ["--region", settings.region, "--cluster", cluster, "--task", task, "--container", CONTAINER];
  return ["ecs", "execute-command", ...where, "--interactive", "--command", command];
}

/** Runs a program that has this terminal. */
export type InTerminal = (program: string, words: readonly string[], quiet?: boolean) => Promise<number>;

/**
 * Hands the terminal to the AWS CLI, which alone can speak ECS Exec's protocol.
 *
 * @returns its exit code
 * @throws CommandError where it or its plugin is missing
 */
export async function enter(words: readonly string[], inTerminal: InTerminal = spawned): Promise<number> {
  await present(inTerminal, "aws", "The console needs the AWS CLI (version 2)");
  await present(
    inTerminal,
    "session-manager-plugin",
    "The AWS CLI needs its Session Manager plugin for a console",
  );
  return inTerminal("aws", words);
}

async function present(inTerminal: InTerminal, program: string, need: string): Promise<void> {
  try {
    await inTerminal(program, ["--version"], true);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new CommandError(`${need}, and there is no ${program} on the PATH. Nothing was touched.`);
  }
}

function spawned(program: string, words: readonly string[], quiet = false): Promise<number> {
  // The one in the console is interrupted, not this process: both get the key.
  const ignored = () => {};
  process.on("SIGINT", ignored);
  return new Promise<number>((resolve, reject) => {
    const child = spawn(program, words, { stdio: quiet ? "ignore" : "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  }).finally(() => process.off("SIGINT", ignored));
}
