const MINUTE = 60_000;
/** How long before its beginning a planned maintenance counts: the next round may come a minute late. */
const AHEAD = 2 * MINUTE;

/**
 * The applications that are closed for maintenance at this moment: by configuration, or by a switch that somebody
 * turned. It is what the edge reads too (components/edge-worker.js), and read in the same way: nonsense is open.
 */
exports.closedNow = async (cloud) => {
  const closed = [];
  for (const [key, { from, until }] of Object.entries(cloud.kept.maintenance)) {
    const begun = from === undefined || Date.parse(from) <= cloud.now + AHEAD;
    const planned = begun && Date.parse(until) > cloud.now;
    if (planned || (await switchedUntil(key, cloud)) > cloud.now) closed.push(key);
  }
  return closed;
};

/** What the alarms begin with that say nothing while these are closed. Those that all share need all to be closed. */
exports.quietWhile = (closed, { maintenance, shared }) => [
  ...closed.flatMap((key) => maintenance[key].alarms),
  ...(closed.length > 0 && closed.length === Object.keys(maintenance).length ? shared : []),
];

/** Not a number where there is no switch, or none that can be understood. */
async function switchedUntil(key, { send, settings }) {
  try {
    const { Body } = await send("s3", "GetObject", {
      Bucket: settings.SWITCHES,
      Key: `maintenance/${key}.json`,
    });
    return untilIn(await Body.transformToString());
  } catch (error) {
    if (error.name === "NoSuchKey") return Number.NaN;
    throw error;
  }
}

function untilIn(text) {
  try {
    const { until } = JSON.parse(text);
    return typeof until === "string" ? Date.parse(until) : Number.NaN;
  } catch {
    return Number.NaN;
  }
}
