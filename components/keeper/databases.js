/** Nearly a day: the evening's stop may come some minutes earlier than the one before. */
const A_DAY = 20 * 3_600_000;
const NOT_YET = ["stopped", "starting", "stopping"];

/** Starts the databases that something asks while the environment is awake. @returns whether all of them answer */
exports.startDatabases = async (notes, cloud) => {
  let ready = true;
  for (const id of of(true, cloud)) {
    const status = await statusOf(id, cloud);
    if (NOT_YET.includes(status)) ready = false;
    if (status === "stopped") await start(id, notes, cloud);
  }
  return ready;
};

/**
 * Stops databases: all, or those that nothing asks even by day. AWS starts a stopped one by itself after seven days:
 * it is stopped again, once a day at most, so that whoever starts one by hand is not fought.
 */
exports.stopDatabases = async ({ all }, notes, cloud) => {
  for (const id of all ? [...of(true, cloud), ...of(false, cloud)] : of(false, cloud))
    if ((await statusOf(id, cloud)) === "available") await stop(id, notes, cloud);
};

/** Those that are on while the environment is awake, or those that are not. */
const of = (on, { kept }) => Object.keys(kept.databases).filter((id) => kept.databases[id] === on);

async function statusOf(id, { send }) {
  const { DBInstances } = await send("rds", "DescribeDBInstances", { DBInstanceIdentifier: id });
  return DBInstances[0].DBInstanceStatus;
}

async function start(id, notes, cloud) {
  if (await done("StartDBInstance", id, cloud)) delete notes.stopped[id];
}

async function stop(id, notes, cloud) {
  const last = notes.stopped[id];
  if (last !== undefined && cloud.now - Date.parse(last) < A_DAY) return;
  if (await done("StopDBInstance", id, cloud)) notes.stopped[id] = new Date(cloud.now).toISOString();
}

/** False where the database is busy with something else by now: the next round asks again. */
async function done(command, id, { send }) {
  try {
    await send("rds", command, { DBInstanceIdentifier: id });
    return true;
  } catch (error) {
    if (/^InvalidDBInstanceState/.test(error.name)) return false;
    throw error;
  }
}
