const { finish, hasFailed, whyFailed } = require("./tasks");

/** Lambda ends a call after 15 minutes: before that, this one says what it waited for. */
const PATIENCE = 14 * 60_000;

/**
 * Runs the check of an outside source of data once for its key, which stands for the values that are to come. One
 * that failed is run anew by the next update; one that ended well within the last hour counts. The event names
 * variables and never carries a value.
 */
exports.source = async (event, cloud) => {
  const until = cloud.now() + PATIENCE;
  const task = await finish({ ...event, startedBy: `source/${event.key}` }, until, cloud);
  if (hasFailed(task)) throw new Error(refusal(event, whyFailed(task, event.logGroup)));
  return { at: new Date(cloud.now()).toISOString() };
};

const refusal = ({ application, source, variables, job }, why) =>
  `Source ${source} of ${application} was not switched (${variables.join(", ")}): its check, job ${job}, ${why}. What runs keeps the former values. Put them back, or mend the source: the next update checks it again.`;
