const { randomUUID } = require("node:crypto");

const PAUSE = 5000;
/** The one container of every task. */
const CONTAINER = "app";

/** The tasks of a family that were started under a name, the newest first. ECS remembers the ended ones for an hour. */
exports.tasksOf = async (family, startedBy, cloud) => {
  const all = [...(await listed(family, "RUNNING", cloud)), ...(await listed(family, "STOPPED", cloud))];
  return all
    .filter((task) => task.startedBy === startedBy)
    .sort((a, b) => new Date(b.createdAt) - new Date(a.createdAt));
};

/**
 * A task, at its end. One that was started under this name before and did not fail is waited for: a call that was
 * cut off must not lead to a second one.
 */
exports.finish = async ({ startedBy, taskDefinition, logGroup }, until, cloud) => {
  const former = await exports.tasksOf(taskDefinition, startedBy, cloud);
  let task =
    former.find((each) => !exports.hasFailed(each)) ?? (await start(taskDefinition, startedBy, cloud));
  while (task.lastStatus !== "STOPPED") {
    if (cloud.now() >= until)
      throw new Error(
        `${startedBy} (${taskDefinition}) still runs after 14 minutes, and goes on. Run the same update again: it finds the task and waits for it. Its log: ${logGroup}`,
      );
    await cloud.sleep(PAUSE);
    task = (await described([task.taskArn], cloud))[0] ?? task;
  }
  return task;
};

exports.hasFailed = (task) => task.lastStatus === "STOPPED" && exitCode(task) !== 0;

/** Why a task failed, for people. */
exports.whyFailed = (task, logGroup) => {
  const code = exitCode(task);
  const how = code === undefined ? "never ran" : `failed with exit code ${code}`;
  return `${how} (${task.stoppedReason ?? "no reason given"}). Its log: ${logGroup}, ${exports.streamOf(task)}`;
};

/** Where a task's one container writes. */
exports.streamOf = ({ taskArn }) => `${CONTAINER}/${CONTAINER}/${taskArn.split("/").at(-1)}`;

const exitCode = ({ containers = [] }) => containers.find(({ name }) => name === CONTAINER)?.exitCode;

async function start(taskDefinition, startedBy, { send, settings }) {
  const { tasks = [], failures = [] } = await send("ecs", "RunTask", {
    cluster: settings.CLUSTER,
    taskDefinition,
    launchType: "FARGATE",
    startedBy,
    clientToken: randomUUID(),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: settings.SUBNETS.split(","),
        securityGroups: [settings.SECURITY_GROUP],
        assignPublicIp: settings.ASSIGN_PUBLIC_IP,
      },
    },
  });
  if (tasks.length === 0)
    throw new Error(
      `${startedBy} (${taskDefinition}) did not start: ${failures[0]?.reason ?? "no reason given"}`,
    );
  return tasks[0];
}

async function listed(family, desiredStatus, cloud) {
  const tasks = [];
  let nextToken;
  do {
    const page = await cloud.send("ecs", "ListTasks", {
      cluster: cloud.settings.CLUSTER,
      family,
      desiredStatus,
      ...(nextToken ? { nextToken } : {}),
    });
    // A page has at most 100 ARNs, which is also what one description takes.
    tasks.push(...(await described(page.taskArns ?? [], cloud)));
    nextToken = page.nextToken;
  } while (nextToken);
  return tasks;
}

async function described(arns, { send, settings }) {
  if (arns.length === 0) return [];
  const { tasks = [] } = await send("ecs", "DescribeTasks", { cluster: settings.CLUSTER, tasks: arns });
  return tasks;
}
