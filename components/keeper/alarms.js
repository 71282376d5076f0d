/** Alarms that one call takes. */
const AT_ONCE = 100;

/** Alarms of what sleeps say nothing meanwhile. */
exports.hush = async (cloud) => {
  for (const [where, alarms] of await all(cloud))
    for (const names of pages(alarms.filter(({ ActionsEnabled }) => ActionsEnabled)))
      await cloud.send(where, "DisableAlarmActions", { AlarmNames: names });
};

/**
 * Lets them speak again. An alarm tells of a change only: one that is not well by now is called well first, so that
 * its next measurement, within a minute, is a change that somebody hears of.
 */
exports.unhush = async (cloud) => {
  for (const [where, alarms] of await all(cloud)) {
    const silent = alarms.filter(({ ActionsEnabled }) => !ActionsEnabled);
    for (const { AlarmName, StateValue } of silent)
      if (StateValue !== "OK")
        await cloud.send(where, "SetAlarmState", {
          AlarmName,
          StateValue: "OK",
          StateReason: "It was not listened to outside office hours: its next measurement counts.",
        });
    for (const names of pages(silent)) await cloud.send(where, "EnableAlarmActions", { AlarmNames: names });
  }
};

/** By region: what Route 53 measures is known in us-east-1 only. */
async function all(cloud) {
  const found = [];
  for (const where of ["cloudwatch", "cloudwatch@us-east-1"])
    found.push([where, await inRegion(where, cloud)]);
  return found;
}

async function inRegion(where, { send, settings, kept }) {
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
  return alarms.filter(({ AlarmName }) =>
    kept.alarms.some((role) => AlarmName.startsWith(`${settings.NAME}-${role}`)),
  );
}

function pages(alarms) {
  const names = alarms.map(({ AlarmName }) => AlarmName);
  return Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, page) =>
    names.slice(page * AT_ONCE, (page + 1) * AT_ONCE),
  );
}
