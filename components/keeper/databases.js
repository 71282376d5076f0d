/** Nearly a day: the evening's stop may come some minutes earlier than the one before. */
const A_DAY = 20 * 3_600_000;
const NOT_YET = ["stopped", "starting", "stopping"];

/**
 * Starts or stops the databases. AWS starts a stopped one by itself after seven days: it is stopped again, once a day
 * at most, so that whoever starts one by hand at night is not fought.
 *
 * @returns whether all of them answer
 */
exports.keepDatabases = async (awake, notes, cloud) => {
  let ready = true;
  for (const id of cloud.kept.databases) {
    const status = await statusOf(id, cloud);
    if (NOT_YET.includes(status)) ready = false;
    if (awake && status === "stopped") await start(id, notes, cloud);
    if (!awake && status === "available") await stop(id, notes, cloud);
  }
  return ready;
};

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
