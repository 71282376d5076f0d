import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type CloudWatchLogsClient, paginateGetLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { CommandError, EXIT } from "../errors";
import type { Clients } from "./clients";
import { CONTAINER } from "./environment";
import { harmless } from "./logs";
import type { Place } from "./place";
import { described } from "./processes";

/** ECS takes as many characters of overrides. */
const LONGEST = 8192;

export interface OneOff extends Place {
  readonly command: readonly string[];
  /** Variables that take the place of the declared ones. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** Seconds after which it is ended. */
  readonly timeout: number;
  readonly say: (line: string) => void;
  readonly interrupted: AbortSignal;
  /** Milliseconds between two looks. @default 3000 */
  readonly wait?: number;
}

/**
 * Runs a command in a task of its own, prints what it writes and returns its exit code. Whoever interrupts it ends
 * the task: nobody would read its end any more. What it did until then stays, so that it is run again as a whole.
 */
export async function oneOff({ ecs, logs }: Pick<Clients, "ecs" | "logs">, asked: OneOff): Promise<number> {
  if (JSON.stringify(asked.command).length > LONGEST - 200)
    throw new CommandError(
      `The command is longer than the ${LONGEST} characters that ECS takes.`,
      EXIT.usage,
    );
  const arn = await started(ecs, asked);
  const id = arn.slice(arn.lastIndexOf("/") + 1);
  asked.say(`task ${id}, its log: ${asked.logGroup}, ${stream(id)}`);
  const read = reader(logs, asked.logGroup, stream(id), asked.say);
  const end = Date.now() + asked.timeout * 1000;
  let why: string | undefined;
  for (;;) {
    const task = await taskOf(ecs, asked.cluster, arn);
    await read();
    if (task === undefined || task.lastStatus === "STOPPED") {
      await read();
      return exitCode(task, why);
    }
    why ??= await ended(ecs, asked, arn, end);
    await pause(asked.wait ?? 3000, undefined, why === undefined ? { signal: asked.interrupted } : {}).catch(
      () => {},
    );
  }
}

const STARTED_BY = "tandem-run";

/**
 * Commands of former runs that still go on: who was killed outright, or lost the network, could end nothing.
 *
 * @returns a line each, with what ends it
 */
export async function formerRuns(ecs: ECSClient, cluster: string): Promise<readonly string[]> {
  const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster, startedBy: STARTED_BY }));
  return taskArns
    .map((arn) => arn.slice(arn.lastIndexOf("/") + 1))
    .map(
      (id) =>
        `A former run still goes on, task ${id}. It ends by itself, or by: aws ecs stop-task --cluster ${cluster} --task ${id}`,
    );
}

const stream = (id: string) => `${CONTAINER}/${CONTAINER}/${id}`;

async function started(
  ecs: ECSClient,
  { cluster, serviceName, family, command, environment = {}, say }: OneOff,
): Promise<string> {
  const [service] = await described(ecs, cluster, [{ serviceName }]);
  const networkConfiguration = service?.networkConfiguration;
  if (networkConfiguration === undefined)
    throw new CommandError(`${cluster} runs no ${serviceName} yet: bring the environment up first.`);
  const serving = service?.taskDefinition;
  // The newest revision of a process may be one that an `up` could not bring to serve.
  const taskDefinition = family === serviceName ? (serving ?? family) : family;
  const image = await imageOf(ecs, taskDefinition);
  const served = serving === undefined ? image : await imageOf(ecs, serving);
  if (served !== image)
    say(`It runs in ${image}, and ${served} is what serves: the last up did not end well.`);
  const { tasks = [], failures = [] } = await ecs.send(
    new RunTaskCommand({
      cluster,
      taskDefinition,
      launchType: "FARGATE",
      count: 1,
      networkConfiguration,
      overrides: {
        containerOverrides: [{ name: CONTAINER, command: [...command], ...variables(environment) }],
      },
      enableExecuteCommand: true,
      propagateTags: "TASK_DEFINITION",
      startedBy: STARTED_BY,
      // The SDK asks again where an answer is lost: one question starts one task.
      clientToken: randomUUID(),
    }),
  );
  const arn = tasks[0]?.taskArn;
  if (arn === undefined)
    throw new CommandError(`ECS starts nothing: ${failures[0]?.reason ?? "it says no reason"}.`);
  return arn;
}

function variables(environment: NonNullable<OneOff["environment"]>) {
  const said = Object.entries(environment).map(([name, value]) => ({ name, value }));
  return said.length === 0 ? {} : { environment: said };
}

/** @throws CommandError where no release has reached it yet */
async function imageOf(ecs: ECSClient, asked: string): Promise<string> {
  const { taskDefinition } = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: asked }));
  const image = taskDefinition?.containerDefinitions?.find(({ name }) => name === CONTAINER)?.image;
  if (image?.includes("@") === true) return image;
  throw new CommandError("The application has no release yet, so there is no image to run the command in.");
}

async function taskOf(ecs: ECSClient, cluster: string, arn: string): Promise<Task | undefined> {
  const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  return tasks[0];
}

/** Ends the task where somebody wants that, or it has taken too long. @returns why it was ended */
async function ended(
  ecs: ECSClient,
  { cluster, interrupted, timeout, say }: OneOff,
  task: string,
  end: number,
): Promise<string | undefined> {
  const why = interrupted.aborted ? "interrupted" : Date.now() > end ? `ended after ${timeout} s` : undefined;
  if (why === undefined) return undefined;
  await ecs.send(new StopTaskCommand({ cluster, task, reason: `tandem run: ${why}` }));
  say(`${why}: the task is being stopped. What it did so far stays; running it again starts anew.`);
  return why;
}

/** Reads on where it stopped reading. */
function reader(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  say: (line: string) => void,
) {
  let nextToken: string | undefined;
  return async () => {
    try {
      const from = { logGroupName, logStreamName, startFromHead: true };
      const config = {
        client,
        stopOnSameToken: true,
        ...(nextToken === undefined ? {} : { startingToken: nextToken }),
      };
      for await (const page of paginateGetLogEvents(config, from)) {
        for (const { message = "" } of page.events ?? []) say(harmless(message.trimEnd()));
        nextToken = page.nextForwardToken ?? nextToken;
      }
    } catch (error) {
      // The stream begins with the first line.
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
    }
  };
}

/** What a shell says of a program that was interrupted. */
const INTERRUPTED = 130;

function exitCode(task: Task | undefined, why: string | undefined): number {
  if (why === "interrupted") return INTERRUPTED;
  if (why !== undefined) throw new CommandError(`The command was ${why}.`);
  const container = task?.containers?.find(({ name }) => name === CONTAINER);
  if (container?.exitCode !== undefined) return container.exitCode;
  throw new CommandError(
    `The command did not run: ${container?.reason ?? task?.stoppedReason ?? "ECS forgot the task"}.`,
  );
}
