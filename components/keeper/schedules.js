/** What Scheduler says of a schedule beside what it takes for one. */
const SAID = ["$metadata", "Arn", "CreationDate", "LastModificationDate"];

/** Pauses the schedules, and lets those that are on go on. Scheduler changes one only as a whole. */
exports.keepSchedules = async (awake, { send, settings, kept }) => {
  for (const [Name, on] of Object.entries(kept.schedules)) {
    const found = await send("scheduler", "GetSchedule", { GroupName: settings.GROUP, Name });
    const State = awake && on ? "ENABLED" : "DISABLED";
    if (found.State === State) continue;
    const whole = Object.fromEntries(Object.entries(found).filter(([key]) => !SAID.includes(key)));
    await send("scheduler", "UpdateSchedule", { ...whole, State });
  }
};
