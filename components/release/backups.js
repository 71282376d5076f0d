/** A snapshot takes up to two hours. One that is older than this lacks too much of what was written since. */
const FRESH = 6 * 3_600_000;
const KEPT = 5;

/** @throws Error where a database has no complete snapshot of this release, or only one of long ago */
exports.refuseWithoutBackup = async ({ application, backups }, begun, cloud) => {
  for (const backup of backups) {
    const problem = problemOf(backup, await snapshot(backup, cloud), begun, cloud.now());
    if (problem !== undefined)
      throw new Error(
        `The release of ${application} is refused, and nothing was run: ${problem}. A release begins with a fresh backup; make it anew with: pulumi up --replace '**RandomId::${application}-release-key'`,
      );
  }
};

function problemOf({ instance, snapshot: name }, found, begun, now) {
  if (found === undefined) return `there is no backup ${name} of ${instance}`;
  if (found.DBInstanceIdentifier !== instance)
    return `backup ${name} is of ${found.DBInstanceIdentifier}, not of ${instance}`;
  if (found.Status !== "available") return `backup ${name} is ${found.Status}, not complete`;
  const age = now - new Date(found.SnapshotCreateTime).getTime();
  // A release that has begun has its backup: it is the one of before, however long ago.
  if (!begun && !(age <= FRESH)) return `backup ${name} is ${Math.floor(age / 3_600_000)} hours old`;
  return undefined;
}

async function snapshot({ snapshot: name }, { send }) {
  try {
    return (await send("rds", "DescribeDBSnapshots", { DBSnapshotIdentifier: name })).DBSnapshots?.[0];
  } catch (error) {
    if (/DBSnapshotNotFound/.test(error.name)) return undefined;
    throw error;
  }
}

/** Keeps the newest five that releases made of each database; all others, whoever made them, are left alone. */
exports.prune = async ({ backups }, cloud) => {
  for (const { instance, snapshot: own } of backups)
    for (const { DBSnapshotIdentifier: name } of (await releases(instance, cloud)).slice(KEPT))
      if (name !== own) await cloud.send("rds", "DeleteDBSnapshot", { DBSnapshotIdentifier: name });
};

async function releases(instance, { send }) {
  const found = [];
  let Marker;
  do {
    const page = await send("rds", "DescribeDBSnapshots", {
      DBInstanceIdentifier: instance,
      SnapshotType: "manual",
      ...(Marker ? { Marker } : {}),
    });
    found.push(...(page.DBSnapshots ?? []));
    Marker = page.Marker;
  } while (Marker);
  const prefix = `${instance}-release-`;
  return found
    .filter((each) => each.DBInstanceIdentifier === instance && each.SnapshotType === "manual")
    .filter(({ DBSnapshotIdentifier: name }) => name.startsWith(prefix))
    .filter(({ DBSnapshotIdentifier: name }) => /^[0-9a-f]{8}$/.test(name.slice(prefix.length)))
    .sort((a, b) => new Date(b.SnapshotCreateTime) - new Date(a.SnapshotCreateTime));
}
