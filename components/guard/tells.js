/**
 * One notice for one thing, however often it comes: events are delivered at least once, and calls are repeated.
 * The memory is the guard's own log: a stream is made once, and making it again is refused, even at the same
 * instant. A notice that could not be sent is forgotten, so that the next try sends it.
 */
exports.tellOnce = async (thing, { subject, message }, { send, settings }) => {
  const stream = {
    logGroupName: settings.LOG_GROUP,
    logStreamName: `told/${thing.replace(/[^A-Za-z0-9/._-]/g, "-")}`.slice(0, 512),
  };
  try {
    await send("logs", "CreateLogStream", stream);
  } catch (error) {
    if (error.name === "ResourceAlreadyExistsException") return;
    throw error;
  }
  try {
    await send("sns", "Publish", {
      TopicArn: settings.TOPIC,
      // SNS takes plain ASCII of less than 100 characters.
      Subject: `${settings.NAME}: ${subject}`.replace(/[^ -~]/g, "?").slice(0, 99),
      Message: message,
    });
  } catch (error) {
    await send("logs", "DeleteLogStream", stream);
    throw error;
  }
};

/** Leaves a trace in the environment's own metrics. */
exports.measure = async (metric, schedule, { send, now, settings }) => {
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
};
