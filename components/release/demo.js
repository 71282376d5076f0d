const { finish, hasFailed, whyFailed } = require("./tasks");

/** Lambda ends a call after 15 minutes: before that, this one says what it waited for. */
const PATIENCE = 14 * 60_000;

/**
 * Loads an application's demonstration data once for its key. One that failed is loaded anew by the next update: the
 * command has to stand that.
 */
exports.demo = async (event, cloud) => {
  const until = cloud.now() + PATIENCE;
  const task = await finish({ ...event, startedBy: `demo/${event.key}` }, until, cloud);
  if (hasFailed(task))
    throw new Error(
      `The demonstration data of ${event.application} ${whyFailed(task, event.logGroup)}. The database is migrated and may hold part of the data; no new version was started. The next update loads it again.`,
    );
  return { at: new Date(cloud.now()).toISOString() };
};
