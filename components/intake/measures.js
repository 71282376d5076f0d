/** Leaves a trace in the environment's own metrics. */
exports.measure = (metric, intake, value, { send, now, settings }) =>
  send("cloudwatch", "PutMetricData", {
    Namespace: settings.NAMESPACE,
    MetricData: [
      {
        MetricName: metric,
        Dimensions: [{ Name: "Intake", Value: intake }],
        Timestamp: new Date(now),
        Value: value,
      },
    ],
  });
