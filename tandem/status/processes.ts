import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  type Service as EcsService,
} from "@aws-sdk/client-ecs";
import { CONTAINER, digestIn, type Service } from "./environment";
import type { ProcessStatus } from "./status";

/** ECS takes as many in one question. */
const AT_ONCE = 10;

/** The processes of an environment as ECS runs them. */
export async function runningProcesses(
  ecs: ECSClient,
  cluster: string,
  services: readonly Service[],
): Promise<readonly ProcessStatus[]> {
  const found = await described(ecs, cluster, services);
  const statuses = services.map(async ({ application, process, serviceName }) => {
    const service = found.find((each) => each.serviceName === serviceName && each.status !== "INACTIVE");
    const name = `${application}/${process}`;
    return service === undefined ? missing(name) : statusOf(ecs, name, service);
  });
  return Promise.all(statuses);
}

export async function described(
  ecs: ECSClient,
  cluster: string,
  services: readonly Pick<Service, "serviceName">[],
): Promise<readonly EcsService[]> {
  const names = services.map(({ serviceName }) => serviceName);
  const pages = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) =>
    names.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
  );
  const answers = await Promise.all(
    pages.map((page) => ecs.send(new DescribeServicesCommand({ cluster, services: page }))),
  );
  return answers.flatMap((answer) => answer.services ?? []);
}

/** A process that is declared and that no service stands for. */
export const missing = (process: string): ProcessStatus => ({
  process,
  running: 0,
  desired: 0,
  deployment: "MISSING",
});

async function statusOf(ecs: ECSClient, process: string, service: EcsService): Promise<ProcessStatus> {
  const present = service.deployments?.find(({ status }) => status === "PRIMARY");
  const version = digestIn(await imageOf(ecs, present?.taskDefinition ?? service.taskDefinition));
  return {
    process,
    running: service.runningCount ?? 0,
    desired: service.desiredCount ?? 0,
    ...(version === undefined ? {} : { version }),
    ...(present?.createdAt === undefined ? {} : { since: present.createdAt.toISOString() }),
    ...(present?.rolloutState === undefined ? {} : { deployment: present.rolloutState }),
  };
}

async function imageOf(ecs: ECSClient, taskDefinition: string | undefined): Promise<string | undefined> {
  if (taskDefinition === undefined) return undefined;
  const answer = await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }));
  return answer.taskDefinition?.containerDefinitions?.find(({ name }) => name === CONTAINER)?.image;
}
