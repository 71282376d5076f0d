const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const MINUTE = 60_000;
/** Longer than any pause between two openings: a week and a night. */
const LONGEST = 9 * 24 * 60;

/** Whether the clocks on the wall say that it is open: daylight saving is the wall's affair. */
exports.isOpen = (instant, { from, to, days, timeZone }) => {
  const { weekday, time } = onTheWall(instant, timeZone);
  return days.includes(weekday) && from <= time && time < to;
};

/** The first minute after an instant at which it opens anew. */
exports.nextOpening = (instant, hours) => {
  const start = Math.floor(instant / MINUTE) * MINUTE;
  let before = exports.isOpen(start, hours);
  for (let step = 1; step <= LONGEST; step += 1) {
    const open = exports.isOpen(start + step * MINUTE, hours);
    if (open && !before) return start + step * MINUTE;
    before = open;
  }
  throw new Error("it never opens");
};

const formats = new Map();

function onTheWall(instant, timeZone) {
  if (!formats.has(timeZone))
    formats.set(
      timeZone,
      new Intl.DateTimeFormat("en-GB", {
        timeZone,
        weekday: "short",
        hour: "2-digit",
        minute: "2-digit",
        hourCycle: "h23",
      }),
    );
  const parts = formats.get(timeZone).formatToParts(new Date(instant));
  const of = (type) => parts.find((part) => part.type === type).value;
  return {
    weekday: DAYS.find((day) => of("weekday").toLowerCase().startsWith(day)),
    time: `${of("hour")}:${of("minute")}`,
  };
}
