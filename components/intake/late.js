const { measure } = require("./measures");

/** Measures of each intake whether it is late: nothing good came in the time in which something should have. */
exports.late = async (cloud) => {
  if (cloud.settings.ENABLED !== "true") return;
  for (const [name, { every }] of Object.entries(cloud.declared))
    await measure("Late", name, (await isLate(name, every, cloud)) ? 1 : 0, cloud);
};

async function isLate(name, every, cloud) {
  const from = cloud.now - every * 1000;
  // One that was declared lately has had no time to come.
  if ((await watchedSince(name, cloud)) > from) return false;
  const { Datapoints = [] } = await cloud.send("cloudwatch", "GetMetricStatistics", {
    Namespace: cloud.settings.NAMESPACE,
    MetricName: "Arrived",
    Dimensions: [{ Name: "Intake", Value: name }],
    StartTime: new Date(from),
    EndTime: new Date(cloud.now),
    // By the hour, or by the day where hours would be more than the 1,440 points of one answer.
    Period: every > 1400 * 3600 ? 86_400 : 3600,
    Statistics: ["Sum"],
  });
  return Datapoints.length === 0;
}

/** The function's own log remembers when it first looked: a stream is made once, and has its date. */
async function watchedSince(name, { send, now, settings }) {
  const stream = { logGroupName: settings.LOG_GROUP, logStreamName: `watched/${name}` };
  try {
    await send("logs", "CreateLogStream", stream);
    return now;
  } catch (error) {
    if (error.name !== "ResourceAlreadyExistsException") throw error;
  }
  const { logStreams = [] } = await send("logs", "DescribeLogStreams", {
    logGroupName: stream.logGroupName,
    logStreamNamePrefix: stream.logStreamName,
  });
  return logStreams.find(({ logStreamName }) => logStreamName === stream.logStreamName)?.creationTime ?? now;
}
