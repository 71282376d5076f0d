/**
 * The keeper of what rests on purpose, as a Lambda function: outside office hours what runs, and during a maintenance
 * the alarms that speak of what is closed. Every minute it compares what is with what should be and puts right what
 * differs, so that nothing depends on one call: one that fails, comes twice or dies in the middle is made good by
 * the next. Its clients come with Lambda's runtime; `send` hands them in.
 */
const { keepAlarms } = require("./alarms");
const { startDatabases, stopDatabases } = require("./databases");
const { isOpen, nextOpening } = require("./hours");
const { closedNow, quietWhile } = require("./maintenance");
const { read, write } = require("./memory");
const { keepSchedules } = require("./schedules");
const { sdk } = require("./sdk");
const { atRest, keepServices } = require("./services");

const MINUTE = 60_000;
/** How much earlier a database starts: it takes a quarter of an hour. */
const LEAD = 20 * MINUTE;
/** How long what woke up may take until its alarms count. */
const GRACE = 20 * MINUTE;
/** How long somebody may keep it awake at once. */
const LONGEST = 24 * 60 * MINUTE;

/** Lambda's way in. */
exports.handler = (event) =>
  exports.keeper(event, {
    send: sdk(),
    now: Date.now(),
    settings: process.env,
    // Beside this file in the function only: what its environment has.
    kept: require("./kept.json"),
  });

exports.keeper = async (event, cloud) => {
  const does = { round, start, stop };
  if (!Object.hasOwn(does, event?.do ?? ""))
    throw new Error(
      `${JSON.stringify(event?.do)} is nothing that is done here: ${Object.keys(does).join(", ")}`,
    );
  return does[event.do](event, cloud);
};

/** Somebody works late: awake until then, whatever the hours say. Noted first: a round finishes what this does not. */
async function start({ until }, cloud) {
  const refused = without(cloud);
  if (refused !== undefined) return { refused };
  const end = instantOf(until);
  if (!(end > cloud.now && end <= cloud.now + LONGEST))
    return { refused: `until is ${JSON.stringify(until ?? null)}: an instant from now to a day from now.` };
  await write(cloud.settings.ASKED, { open: true, until: new Date(end).toISOString() }, cloud);
  return { awake: true, until: new Date(end).toISOString(), ready: await keep(cloud) };
}

/** Asleep until the hours begin anew, whatever somebody asked for before. */
async function stop(_, cloud) {
  const refused = without(cloud);
  if (refused !== undefined) return { refused };
  const until = new Date(nextOpening(cloud.now, cloud.kept.hours)).toISOString();
  await write(cloud.settings.ASKED, { open: false, until }, cloud);
  return { awake: false, until, ready: await keep(cloud) };
}

/** Why nothing is to be asked for here. */
function without({ kept }) {
  if (kept.hours === undefined) return "it has no office hours: it is always awake, unless enabled is false.";
  return kept.on ? undefined : "it is off: enabled is false in its configuration.";
}

const round = (_, cloud) => keep(cloud);

async function keep(cloud) {
  const asked = await read(cloud.settings.ASKED, cloud);
  const notes = { stopped: {}, ...(await read(cloud.settings.NOTES, cloud)) };
  const before = JSON.stringify(notes);
  let closed = [];
  let ready = false;
  try {
    await all([
      async () => {
        closed = await closedNow(cloud);
      },
      async () => {
        const awake = wanted(cloud.now, asked, cloud) || isPutOff(asked, notes, closed, cloud);
        ready = await (awake ? wake(notes, closed, cloud) : sleep(notes, asked, cloud));
      },
    ]);
    return ready;
  } finally {
    if (JSON.stringify(notes) !== before) await write(cloud.settings.NOTES, notes, cloud);
  }
}

/** What somebody asked for holds until then; after that, and where it cannot be read, the hours do. */
function wanted(instant, asked, { kept }) {
  if (!kept.on || kept.hours === undefined) return kept.on;
  return holds(instant, asked) ? asked.open : isOpen(instant, kept.hours);
}

const holds = (instant, { open, until }) => instantOf(until) > instant && typeof open === "boolean";

/** What is awake does not fall asleep in the middle of a maintenance, unless somebody says so; none wakes it up. */
function isPutOff(asked, { woken }, closed, { now, kept }) {
  return kept.on && woken !== undefined && closed.length > 0 && !holds(now, asked);
}

/** Databases first: processes that find none would be restarted until one answers. @returns whether all of them do */
async function wake(notes, closed, cloud) {
  // Where there are no hours, nothing ever wakes up.
  if (cloud.kept.hours !== undefined) notes.woken ??= new Date(cloud.now).toISOString();
  const speak = notes.woken === undefined || cloud.now - instantOf(notes.woken) >= GRACE;
  let ready = false;
  await all([
    // Even where a database never comes: that is what alarms are for.
    () => keepAlarms({ quiet: quietWhile(closed, cloud.kept), speak }, cloud),
    async () => {
      ready = await startDatabases(notes, cloud);
    },
    () => ready && keepServices(true, cloud),
    () => ready && keepSchedules(true, cloud),
    () => stopDatabases({ all: false }, notes, cloud),
  ]);
  return ready;
}

/** Alarms first, databases last: nothing that still runs misses what it needs, and nobody is told of what is meant. */
async function sleep(notes, asked, cloud) {
  delete notes.woken;
  await keepAlarms({ quiet: cloud.kept.alarms, speak: false }, cloud);
  const early = wanted(cloud.now + LEAD, asked, cloud);
  await all([
    () => keepSchedules(false, cloud),
    () => keepServices(false, cloud),
    async () => {
      if (early) await startDatabases(notes, cloud);
      else if (await atRest(cloud)) await stopDatabases({ all: true }, notes, cloud);
    },
  ]);
  return true;
}

/** Each step is tried: one that fails does not keep the others from being done, and fails the call in the end. */
async function all(steps) {
  const errors = [];
  for (const step of steps)
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  if (errors.length > 0)
    throw new Error(errors.map(({ message }) => message).join("; "), { cause: errors[0] });
}

/** Not a number where it is no instant, so that every comparison with it is false. */
const instantOf = (text) =>
  typeof text === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
