const { declaredAs, runningTasks } = require("./tasks");
const { measure } = require("./tells");

/** Ends every task that ran over the time its definition allows. The stopped task's event tells, nothing here. */
exports.endOverdue = async (cloud) => {
  const { send, now, settings } = cloud;
  const alone = (await runningTasks(cloud, {})).filter(({ group }) => group?.startsWith("family:"));
  const allowed = new Map();
  for (const task of alone) {
    const definition = task.taskDefinitionArn;
    if (!allowed.has(definition)) allowed.set(definition, (await declaredAs(definition, cloud)).timeout);
    const seconds = allowed.get(definition);
    const ran = (now - new Date(task.startedAt ?? task.createdAt).getTime()) / 1000;
    if (seconds !== undefined && ran > seconds)
      await send("ecs", "StopTask", {
        cluster: settings.CLUSTER,
        task: task.taskArn,
        reason: `Time-out: ended after more than ${seconds} s`,
      });
  }
};

/** Says of every schedule that is on whether it was silent for longer than its longest pause. */
exports.watch = async ({ group, schedules }, cloud) => {
  for (const [schedule, { name, parameter, within }] of Object.entries(schedules)) {
    const standing = parameter ? await githubs(parameter, cloud) : await schedulers(group, name, cloud);
    if (await silent(schedule, standing, within, cloud)) await measure("Overdue", schedule, cloud);
  }
};

/** Scheduler itself knows whether a schedule of its own is on, and since when it is as it is. */
async function schedulers(group, name, { send }) {
  const { State, CreationDate, LastModificationDate } = await send("scheduler", "GetSchedule", {
    GroupName: group,
    Name: name,
  });
  return { on: State === "ENABLED", since: LastModificationDate ?? CreationDate };
}

/** AWS knows nothing of GitHub's clock: a parameter says whether it is meant to be on, and its age since when. */
async function githubs(parameter, { send }) {
  const { Parameter } = await send("ssm", "GetParameter", { Name: parameter });
  return { on: Parameter.Value.startsWith("ENABLED"), since: Parameter.LastModifiedDate };
}

async function silent(schedule, { on, since }, within, { send, now, settings }) {
  const from = now - within * 1000;
  // A schedule that was made or switched on lately has had no time to run yet.
  if (!on || new Date(since).getTime() > from) return false;
  const { Datapoints = [] } = await send("cloudwatch", "GetMetricStatistics", {
    Namespace: settings.NAMESPACE,
    MetricName: "Handled",
    Dimensions: [{ Name: "Schedule", Value: schedule }],
    StartTime: new Date(from),
    EndTime: new Date(now),
    // By the hour, or by the day where hours would be more than the 1,440 points of one answer.
    Period: within > 1400 * 3600 ? 86_400 : 3600,
    Statistics: ["Sum"],
  });
  return Datapoints.length === 0;
}
