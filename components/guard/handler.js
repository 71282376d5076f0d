/**
 * The guard of an environment's schedules and jobs, as a Lambda function. It starts scheduled tasks, ends those
 * that run over their time, and says which schedules are silent. Its clients come with Lambda's runtime; `send`
 * hands them in, so that tests need none of them.
 */
const { createHash } = require("node:crypto");

const TIMEOUT_LABEL = "tandem.timeout";

/** Lambda's way in. */
exports.handler = (event) =>
  exports.guard(event, { send: exports.sdk(), now: Date.now(), settings: process.env });

/** One event of EventBridge Scheduler: `start` a task, `sweep` the running ones, `watch` for silence. */
exports.guard = async (event, cloud) => {
  if (event.do === "start") return start(event, cloud);
  if (event.do === "sweep") return sweep(cloud);
  if (event.do === "watch") return watch(event, cloud);
  throw new Error(`"${event.do}" is nothing that the guard does: start, sweep or watch`);
};

/** Scheduler and Lambda deliver at least once: a run is known by its schedule and due time, and starts once. */
async function start({ schedule, family, overlap, due }, cloud) {
  const startedBy = `${schedule}/${due}`.replace(/[^A-Za-z0-9/_-]/g, "-");
  const running = await runningTasks(cloud, { family });
  if (!running.some((task) => task.startedBy === startedBy)) {
    if (overlap || running.length === 0) await run(family, startedBy, cloud);
    else await tellMissed(schedule, due, running[0], cloud);
  }
  await measure("Handled", schedule, cloud);
}

async function run(family, startedBy, { send, settings }) {
  const { failures = [] } = await send("ecs", "RunTask", {
    cluster: settings.CLUSTER,
    taskDefinition: family,
    launchType: "FARGATE",
    startedBy,
    clientToken: createHash("sha256").update(startedBy).digest("hex"),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: settings.SUBNETS.split(","),
        securityGroups: [settings.SECURITY_GROUP],
        assignPublicIp: settings.ASSIGN_PUBLIC_IP,
      },
    },
  });
  // Thrown, it is tried again, and ends in the dead-letter queue, whose alarm tells.
  if (failures.length > 0) throw new Error(`${startedBy} did not start: ${failures[0].reason}`);
}

async function tellMissed(schedule, due, task, { send, settings }) {
  await send("sns", "Publish", {
    TopicArn: settings.TOPIC,
    Subject: `Schedule ${schedule} missed a run`.slice(0, 99),
    Message: `Schedule ${schedule} did not start at ${due}: the run before still runs, and no two may overlap. Task ${task.taskArn}.`,
  });
}

/** Ends every task that ran over the time its definition allows. The stopped task's event tells, not the guard. */
async function sweep(cloud) {
  const { send, now, settings } = cloud;
  const alone = (await runningTasks(cloud, {})).filter(({ group }) => group?.startsWith("family:"));
  const allowed = new Map();
  for (const task of alone) {
    const definition = task.taskDefinitionArn;
    if (!allowed.has(definition)) allowed.set(definition, await timeoutOf(definition, send));
    const seconds = allowed.get(definition);
    const ran = (now - new Date(task.startedAt ?? task.createdAt).getTime()) / 1000;
    if (seconds !== undefined && ran > seconds)
      await send("ecs", "StopTask", {
        cluster: settings.CLUSTER,
        task: task.taskArn,
        reason: `Time-out: ended after more than ${seconds} s`,
      });
  }
}

async function timeoutOf(taskDefinition, send) {
  const { taskDefinition: definition } = await send("ecs", "DescribeTaskDefinition", { taskDefinition });
  const label = definition.containerDefinitions[0]?.dockerLabels?.[TIMEOUT_LABEL];
  return label === undefined ? undefined : Number(label);
}

/** Says of every schedule that is on whether it was silent for longer than its longest pause. */
async function watch({ group, schedules }, cloud) {
  for (const [schedule, { name, within }] of Object.entries(schedules))
    if (await silent(schedule, { group, name, within }, cloud)) await measure("Overdue", schedule, cloud);
}

async function silent(schedule, { group, name, within }, { send, now, settings }) {
  const { State, CreationDate, LastModificationDate } = await send("scheduler", "GetSchedule", {
    GroupName: group,
    Name: name,
  });
  // A schedule that was made or switched on lately has had no time to run yet.
  const since = now - within * 1000;
  if (State !== "ENABLED" || new Date(LastModificationDate ?? CreationDate).getTime() > since) return false;
  const { Datapoints = [] } = await send("cloudwatch", "GetMetricStatistics", {
    Namespace: settings.NAMESPACE,
    MetricName: "Handled",
    Dimensions: [{ Name: "Schedule", Value: schedule }],
    StartTime: new Date(since),
    EndTime: new Date(now),
    // By the hour, or by the day where hours would be more than the 1,440 points of one answer.
    Period: within > 1400 * 3600 ? 86_400 : 3600,
    Statistics: ["Sum"],
  });
  return Datapoints.length === 0;
}

async function measure(metric, schedule, { send, now, settings }) {
  await send("cloudwatch", "PutMetricData", {
    Namespace: settings.NAMESPACE,
    MetricData: [
      {
        MetricName: metric,
        Dimensions: [{ Name: "Schedule", Value: schedule }],
        Timestamp: new Date(now),
        Value: 1,
      },
    ],
  });
}

async function runningTasks({ send, settings }, which) {
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
}

/** The runtime's own SDK behind one function: service, command, input. */
exports.sdk = (load = require) => {
  const clients = {};
  return (service, command, input) => {
    const module = load(`@aws-sdk/client-${service}`);
    const client = Object.keys(module).find((name) => name.toLowerCase() === `${service}client`);
    clients[service] ??= new module[client]({});
    return clients[service].send(new module[`${command}Command`](input));
  };
};
