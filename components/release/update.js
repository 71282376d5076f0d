const { prune, refuseWithoutBackup } = require("./backups");
const { finish, hasFailed, streamOf, tasksOf, whyFailed } = require("./tasks");
const { restoreWords } = require("./words");

/** Lambda ends a call after 15 minutes: before that, this one says what it waited for. */
const PATIENCE = 14 * 60_000;
/** A log arrives a little after what was logged. */
const LOG_DELAY = 30_000;

/**
 * Runs an application's release command once for its key, with a fresh backup behind it, and says whether data was
 * migrated by it. Called again after it was cut off, it goes on where the task is.
 */
exports.release = async (event, cloud) => {
  const until = cloud.now() + PATIENCE;
  const startedBy = `release/${event.key}`;
  const former = await tasksOf(event.taskDefinition, startedBy, cloud);
  await refuseWithoutBackup(event, former.length > 0, cloud);
  const before = await headBefore(event, until, cloud);
  const task = await finish({ ...event, startedBy }, until, cloud);
  if (hasFailed(task)) throw new Error(await failure(event, task, before, until, cloud));
  const after = await headAfter(event, task, until, cloud);
  await pruned(event, cloud);
  return {
    migrated: isMigrated(before, after),
    ...(after === undefined ? {} : { head: after }),
    at: new Date(cloud.now()).toISOString(),
  };
};

/** What is not known to be as before counts as migrated. */
const isMigrated = (before, after) => before === undefined || after === undefined || before !== after;

async function failure(event, task, before, until, cloud) {
  const what = `The release command of ${event.application} ${whyFailed(task, event.logGroup)}.`;
  const held = "No new version was started.";
  const after = await headAfter(event, task, until, cloud).catch(() => undefined);
  if (!isMigrated(before, after)) return `${what} ${held} The database is as it was.`;
  return [`${what} ${held} The database may have been changed.`, restoreWords(event.backups)].join("\n");
}

/**
 * The head before this release. It is written down in the function's own log as soon as it is known: a call that
 * comes after a cut-off one would find the head of afterwards. A command that fails, on an empty database for one,
 * leaves it unknown.
 */
async function headBefore(event, until, cloud) {
  const { key, migrations } = event;
  if (migrations === undefined) return undefined;
  const memo = { logGroupName: cloud.settings.LOG_GROUP, logStreamName: `release-${key}` };
  const known = (await events(memo, cloud)).at(-1);
  if (known !== undefined) return JSON.parse(known).before;
  const task = await finish({ ...migrations, startedBy: `before/${key}` }, until, cloud);
  const before = hasFailed(task) ? undefined : await lastLine(migrations, task, cloud);
  await cloud.send("logs", "CreateLogStream", memo).catch(ignoreExisting);
  const message = JSON.stringify({ before });
  await cloud.send("logs", "PutLogEvents", { ...memo, logEvents: [{ timestamp: cloud.now(), message }] });
  return before;
}

/** Asked anew after each run of the command: the task's own id is part of the name. */
async function headAfter({ migrations }, released, until, cloud) {
  if (migrations === undefined) return undefined;
  const startedBy = `after/${released.taskArn.split("/").at(-1)}`;
  const task = await finish({ ...migrations, startedBy }, until, cloud);
  if (hasFailed(task))
    throw new Error(`The release ran; then the migrations command ${whyFailed(task, migrations.logGroup)}`);
  return lastLine(migrations, task, cloud);
}

async function lastLine({ logGroup }, task, cloud) {
  const stream = { logGroupName: logGroup, logStreamName: streamOf(task) };
  for (const until = cloud.now() + LOG_DELAY; ; ) {
    const line = (await events(stream, cloud)).map((message) => message.trim()).findLast(Boolean);
    if (line !== undefined) return line;
    // Nothing migrated yet prints nothing.
    if (cloud.now() >= until) return "";
    await cloud.sleep(5000);
  }
}

async function events(stream, { send }) {
  try {
    const { events: found = [] } = await send("logs", "GetLogEvents", {
      ...stream,
      startFromHead: false,
      limit: 100,
    });
    return found.map(({ message }) => message);
  } catch (error) {
    if (error.name === "ResourceNotFoundException") return [];
    throw error;
  }
}

function ignoreExisting(error) {
  if (error.name !== "ResourceAlreadyExistsException") throw error;
}

/** The release stands: what is left over of older ones is tidied up by the next, if not by this one. */
async function pruned(event, cloud) {
  try {
    await prune(event, cloud);
  } catch (error) {
    console.error(`Old release snapshots were not removed: ${error.message}`);
  }
}
