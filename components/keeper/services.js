/** As many copies as the configuration says, or none. Where load decides, its bounds: they bring up and cut down by themselves. */
exports.keepServices = async (awake, { send, settings, kept }) => {
  const names = Object.keys(kept.services);
  const services = await describe(names, { send, settings });
  const running = Object.fromEntries(
    services.map(({ serviceName, desiredCount }) => [serviceName, desiredCount]),
  );
  for (const name of names) {
    const [min, max] = [kept.services[name]].flat();
    const count = awake ? min : 0;
    if (max !== undefined) await keepBounds(name, count, awake ? max : 0, { send, settings });
    // Where load decides, only 0 is said here: between the bounds the count is not the keeper's.
    const wrong = max === undefined || count === 0 ? running[name] !== count : running[name] < count;
    if (running[name] !== undefined && wrong)
      await send("ecs", "UpdateService", { cluster: settings.CLUSTER, service: name, desiredCount: count });
  }
};

/** Whether no task runs any more: neither a copy that is on its way out nor a task that began before the hours ended. */
exports.atRest = async ({ send, settings, kept }) => {
  const cluster = settings.CLUSTER;
  const services = await describe(Object.keys(kept.services), { send, settings });
  if (services.some(({ desiredCount, runningCount }) => desiredCount > 0 || runningCount > 0)) return false;
  const { taskArns } = await send("ecs", "ListTasks", { cluster });
  return taskArns.length === 0;
};

/** The services that are there; ECS describes ten in one answer. */
async function describe(names, { send, settings }) {
  const found = [];
  for (let at = 0; at < names.length; at += 10) {
    const { services } = await send("ecs", "DescribeServices", {
      cluster: settings.CLUSTER,
      services: names.slice(at, at + 10),
    });
    found.push(...services.filter(({ status }) => status === "ACTIVE"));
  }
  return found;
}

async function keepBounds(name, MinCapacity, MaxCapacity, { send, settings }) {
  const target = {
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: `service/${settings.CLUSTER.split("/").at(-1)}/${name}`,
  };
  const { ScalableTargets } = await send("application-auto-scaling", "DescribeScalableTargets", {
    ServiceNamespace: target.ServiceNamespace,
    ScalableDimension: target.ScalableDimension,
    ResourceIds: [target.ResourceId],
  });
  const [found] = ScalableTargets;
  // One that is not there is Pulumi's to make.
  if (found && (found.MinCapacity !== MinCapacity || found.MaxCapacity !== MaxCapacity))
    await send("application-auto-scaling", "RegisterScalableTarget", { ...target, MinCapacity, MaxCapacity });
}
