import { physicalName } from "../components/names";
import type { Settings } from "../config/settings";
import type { Cloud } from "../rehearsal/cloud";
import { contextFor } from "../rehearsal/context";
import { stoppedReason, TASK_DEFINITION, taskDefinitionOf } from "../rehearsal/rules/ecs-tasks";
import type { Props } from "../rehearsal/types";
import { CommandError } from "./errors";
import type { JobRequest } from "./job-request";

const FUNCTION = "aws:lambda/function:Function";

type Send = (service: string, command: string, input: Props) => Promise<unknown>;

/** What the guard's door says of a start. */
export interface StartedJob {
  readonly task: string;
  /** Seconds. */
  readonly timeout: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/**
 * Asks the door of a rehearsed environment: the very source that runs on Lambda, with the variables that the
 * function was declared with, over simulated clouds. Nothing runs on this machine but what would start it.
 *
 * @throws CommandError with the door's own words where it refuses
 */
export async function askDoor(
  cloud: Cloud,
  { project, environment, region, accountId }: Settings,
  request: JobRequest,
): Promise<StartedJob> {
  const name = physicalName({ project, environment, region, accountId }, "jobs", 64);
  const door = cloud
    .objects(FUNCTION)
    .find(({ account, outputs }) => account === accountId && outputs.name === name);
  if (door === undefined)
    throw new CommandError(
      `${environment} does not stand in the rehearsal yet. Bring it up first: npx tandem rehearse`,
    );
  const { variables } = door.inputs.environment as { variables: Record<string, string> };
  const { guard } = require("../components/guard/handler.js") as {
    guard: (event: object, cloud: object) => Promise<{ started?: StartedJob; refused?: string }>;
  };
  const now = Date.parse(cloud.clock.now);
  const event = { do: "job", ...request, asked: `rehearsal-${now}` };
  const { started, refused } = await guard(event, {
    send: sender(cloud, accountId),
    now,
    settings: variables,
  });
  if (started === undefined) throw new CommandError(refused ?? "The guard gave no answer.");
  return started;
}

/** What the door asks of ECS, answered from what is declared. */
function sender(cloud: Cloud, account: string): Send {
  const ctx = contextFor(cloud.state, { type: TASK_DEFINITION, urn: "", account, inputs: {}, origin: "" });
  const answers: Record<string, (input: Props) => unknown> = {
    ListTasks: () => ({ taskArns: [] }),
    DescribeTaskDefinition: ({ taskDefinition }) => {
      const found = taskDefinitionOf(ctx, taskDefinition);
      if (found === undefined) throw Object.assign(new Error("no such family"), { name: "ClientException" });
      const containerDefinitions = JSON.parse(String(found.inputs.containerDefinitions)) as unknown[];
      return { taskDefinition: { containerDefinitions } };
    },
    RunTask: ({ taskDefinition, clientToken }) => {
      const found = taskDefinitionOf(ctx, taskDefinition);
      const reason = found && stoppedReason(ctx, found);
      return reason === undefined
        ? { tasks: [{ taskArn: `task/${String(clientToken).slice(0, 32)}` }] }
        : { failures: [{ reason }] };
    },
  };
  return async (_, command, input) => {
    const answer = answers[command];
    if (answer === undefined) throw new Error(`the rehearsal knows no ${command}`);
    return answer(input);
  };
}
