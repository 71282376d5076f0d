/**
 * The keeper of an environment's office hours, as a Lambda function. Every five minutes it compares what runs with
 * what the hours say and puts right what differs, so that nothing depends on one call: one that fails, comes twice
 * or dies in the middle is made good by the next. Its clients come with Lambda's runtime; `send` hands them in.
 */
const { hush, unhush } = require("./alarms");
const { keepDatabases } = require("./databases");
const { isOpen, nextOpening } = require("./hours");
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
exports.handler = (event) => exports.keeper(event, { send: sdk(), now: Date.now(), settings: process.env });

exports.keeper = async (event, { send, now, settings }) => {
  const cloud = { send, now, settings, kept: JSON.parse(settings.KEPT) };
  const does = { round, start, stop };
  if (!Object.hasOwn(does, event?.do ?? ""))
    throw new Error(
      `${JSON.stringify(event?.do)} is nothing that is done here: ${Object.keys(does).join(", ")}`,
    );
  return does[event.do](event, cloud);
};

/** Somebody works late: awake until then, whatever the hours say. Noted first: a round finishes what this does not. */
async function start({ until }, cloud) {
  const end = instantOf(until);
  if (!(end > cloud.now && end <= cloud.now + LONGEST))
    return { refused: `until is ${JSON.stringify(until ?? null)}: an instant from now to a day from now.` };
  await write(cloud.settings.ASKED, { open: true, until: new Date(end).toISOString() }, cloud);
  return { awake: true, until: new Date(end).toISOString(), ready: await keep(cloud) };
}

/** Asleep until the hours begin anew, whatever somebody asked for before. */
async function stop(_, cloud) {
  const until = new Date(nextOpening(cloud.now, cloud.kept.hours)).toISOString();
  await write(cloud.settings.ASKED, { open: false, until }, cloud);
  return { awake: false, until, ready: await keep(cloud) };
}

const round = (_, cloud) => keep(cloud);

async function keep(cloud) {
  const asked = await read(cloud.settings.ASKED, cloud);
  const notes = { stopped: {}, ...(await read(cloud.settings.NOTES, cloud)) };
  const before = JSON.stringify(notes);
  const awake = wanted(cloud.now, asked, cloud);
  try {
    return awake ? await wake(notes, cloud) : await sleep(notes, asked, cloud);
  } finally {
    if (JSON.stringify(notes) !== before) await write(cloud.settings.NOTES, notes, cloud);
  }
}

/** What somebody asked for holds until then; after that, and where it cannot be read, the hours do. */
function wanted(instant, { open, until }, { kept }) {
  return instantOf(until) > instant && typeof open === "boolean" ? open : isOpen(instant, kept.hours);
}

/** Databases first: processes that find none would be restarted until one answers. @returns whether all of them do */
async function wake(notes, cloud) {
  notes.woken ??= new Date(cloud.now).toISOString();
  const listening = cloud.now - instantOf(notes.woken) >= GRACE;
  let ready = false;
  await all([
    async () => {
      ready = await keepDatabases(true, notes, cloud);
    },
    () => ready && keepServices(true, cloud),
    () => ready && keepSchedules(true, cloud),
    // Even where a database never comes: that is what alarms are for.
    () => listening && unhush(cloud),
  ]);
  return ready;
}

/** Alarms first, databases last: nothing that still runs misses what it needs, and nobody is told of what is meant. */
async function sleep(notes, asked, cloud) {
  delete notes.woken;
  await hush(cloud);
  const early = wanted(cloud.now + LEAD, asked, cloud);
  await all([
    () => keepSchedules(false, cloud),
    () => keepServices(false, cloud),
    async () => (early || (await atRest(cloud))) && keepDatabases(early, notes, cloud),
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
