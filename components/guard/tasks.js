const { createHash } = require("node:crypto");

/** What a declaration writes on its task definition for the guard: components/guard/labels.ts has the names. */
const LABELS = {
  timeout: "tandem.timeout",
  overlap: "tandem.overlap",
  by: "tandem.by",
  inputs: "tandem.inputs",
};

/** What is declared of a family, or of one revision. */
exports.declaredAs = async (taskDefinition, { send }) => {
  const { taskDefinition: definition } = await send("ecs", "DescribeTaskDefinition", { taskDefinition });
  const [container = {}] = definition.containerDefinitions;
  const labels = container.dockerLabels ?? {};
  const timeout = labels[LABELS.timeout];
  return {
    container: container.name,
    released: !String(container.image).endsWith(":not-released"),
    ...(timeout === undefined ? {} : { timeout: Number(timeout) }),
    overlap: labels[LABELS.overlap] === "true",
    by: labels[LABELS.by] ?? "aws",
    /** By name: whether it may be left out. */
    inputs: Object.fromEntries(
      (labels[LABELS.inputs] ?? "")
        .split(",")
        .filter((each) => each !== "")
        .map((each) => [each.replace(/\?$/, ""), each.endsWith("?")]),
    ),
    logGroup: container.logConfiguration?.options?.["awslogs-group"],
  };
};

/**
 * Starts a family unless this very start was done before, or another of the family runs and none may beside it.
 * `startedBy` names the start; ECS itself knows it by the token, for as long as a repetition can come.
 */
exports.begin = async ({ family, startedBy, overlap, container, inputs = {} }, cloud) => {
  const running = await exports.runningTasks(cloud, { family });
  const same = running.find((task) => task.startedBy === startedBy);
  if (same) return { task: same };
  if (!overlap && running.length > 0) return { busy: running[0] };
  return { task: await run({ family, startedBy, container, inputs }, cloud) };
};

async function run({ family, startedBy, container, inputs }, { send, settings }) {
  const environment = Object.entries(inputs).map(([name, value]) => ({ name, value }));
  const { tasks = [], failures = [] } = await send("ecs", "RunTask", {
    cluster: settings.CLUSTER,
    taskDefinition: family,
    launchType: "FARGATE",
    startedBy,
    clientToken: createHash("sha256").update(`${family} ${startedBy}`).digest("hex"),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: settings.SUBNETS.split(","),
        securityGroups: [settings.SECURITY_GROUP],
        assignPublicIp: settings.ASSIGN_PUBLIC_IP,
      },
    },
    ...(environment.length === 0
      ? {}
      : { overrides: { containerOverrides: [{ name: container, environment }] } }),
  });
  // Thrown: Lambda tries again what Scheduler asked for, and whoever asked at the door is told at once.
  if (failures.length > 0) throw new Error(`${startedBy} did not start: ${failures[0].reason}`);
  return tasks[0];
}

/** The tasks that run or are about to: all, or of one family. */
exports.runningTasks = async ({ send, settings }, which) => {
  const cluster = settings.CLUSTER;
  const tasks = [];
  let nextToken;
  do {
    const page = await send("ecs", "ListTasks", {
      cluster,
      desiredStatus: "RUNNING",
      ...which,
      ...(nextToken ? { nextToken } : {}),
    });
    // A page has at most 100 ARNs, which is also what one description takes.
    if (page.taskArns.length > 0)
      tasks.push(...(await send("ecs", "DescribeTasks", { cluster, tasks: page.taskArns })).tasks);
    nextToken = page.nextToken;
  } while (nextToken);
  return tasks;
};

/** The last part of a task's ARN: what consoles and log streams call it. */
exports.idOf = (taskArn) => String(taskArn).split("/").at(-1);
