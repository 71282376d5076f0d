/** Alarms that one call takes. */
const AT_ONCE = 100;

/**
 * Alarms of what is at rest on purpose say nothing meanwhile; all others speak.
 *
 * @param quiet what the names of those begin with, behind project and environment
 * @param speak whether those that were quiet are listened to again
 */
exports.keepAlarms = async ({ quiet, speak }, cloud) => {
  const rests = ({ AlarmName }) => begins(AlarmName, quiet, cloud);
  for (const [where, alarms] of await all(cloud)) {
    await hush(
      where,
      alarms.filter((alarm) => alarm.ActionsEnabled && rests(alarm)),
      cloud,
    );
    if (speak)
      await unhush(
        where,
        alarms.filter((alarm) => !alarm.ActionsEnabled && !rests(alarm)),
        cloud,
      );
  }
};

async function hush(where, alarms, { send }) {
  for (const names of pages(alarms)) await send(where, "DisableAlarmActions", { AlarmNames: names });
}

/**
 * An alarm tells of a change only: one that is not well by now is called well first, so that its next measurement,
 * within a minute, is a change that somebody hears of.
 */
async function unhush(where, alarms, { send }) {
  for (const { AlarmName, StateValue } of alarms)
    if (StateValue !== "OK")
      await send(where, "SetAlarmState", {
        AlarmName,
        StateValue: "OK",
        StateReason: "It was not listened to for a while, on purpose: its next measurement counts.",
      });
  for (const names of pages(alarms)) await send(where, "EnableAlarmActions", { AlarmNames: names });
}

const begins = (name, roles, { settings }) =>
  roles.some((role) => name.startsWith(`${settings.NAME}-${role}`));

/** By region: what Route 53 measures is known in us-east-1 only. */
async function all(cloud) {
  const found = [];
  for (const where of ["cloudwatch", "cloudwatch@us-east-1"])
    found.push([where, await inRegion(where, cloud)]);
  return found;
}

async function inRegion(where, cloud) {
  const { send, settings, kept } = cloud;
  const known = [
    ...kept.alarms,
    ...kept.shared,
    ...Object.values(kept.maintenance).flatMap(({ alarms }) => alarms),
  ];
  const alarms = [];
  let NextToken;
  do {
    const page = await send(where, "DescribeAlarms", {
      AlarmNamePrefix: `${settings.NAME}-`,
      ...(NextToken ? { NextToken } : {}),
    });
    alarms.push(...(page.MetricAlarms ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return alarms.filter(({ AlarmName }) => begins(AlarmName, known, cloud));
}

function pages(alarms) {
  const names = alarms.map(({ AlarmName }) => AlarmName);
  return Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) =>
    names.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
  );
}
