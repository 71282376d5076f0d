/** The weekdays as EventBridge names them; crontab counts them from Sunday. */
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Names that stand for numbers, the first for `from`. */
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", from: 0, to: 59 },
  { name: "hour", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31 },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "day of week", from: 0, to: 7, names: WEEKDAYS },
];

/**
 * A crontab expression of five fields as EventBridge Scheduler writes it: a year at the end, a `?` for the day
 * that does not decide, weekdays by name because the two count them differently, steps spelled out because
 * EventBridge takes them in some fields only.
 */
export function schedulerExpression(crontab: string): string {
  const texts = crontab.trim().split(/\s+/);
  if (texts.length !== FIELDS.length)
    throw new Error(
      `Cron "${crontab}" has ${texts.length} fields. Write five: minute hour day month weekday.`,
    );
  const [minute, hour, day, month, weekday] = texts.map((text, index) =>
    values(text, FIELDS[index] as Field),
  );
  if (day && weekday)
    throw new Error(
      `Cron "${crontab}" names a day of month and a day of week. EventBridge takes one: put * in the other.`,
    );
  const list = (numbers: readonly number[] | undefined) => numbers?.join(",") ?? "*";
  const week = weekday && [...new Set(weekday.map((n) => n % 7))].sort().map((n) => WEEKDAYS[n]);
  const days = week ? `? ${list(month)} ${week.join(",")}` : `${list(day)} ${list(month)} ?`;
  return `cron(${list(minute)} ${list(hour)} ${days} *)`;
}

/** The numbers that a field allows, ascending; undefined for all. */
function values(text: string, field: Field): readonly number[] | undefined {
  if (text === "*") return undefined;
  const numbers = text.split(",").flatMap((part) => range(part, field));
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function range(part: string, field: Field): number[] {
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
  if (!match) throw unreadable(part, field);
  const [, first, last, step] = match;
  const from = first === undefined ? field.from : number(first, field);
  // `*` and `a/n` run to the end; for weekdays that is Saturday: 7 is Sunday again.
  const end = field.names === WEEKDAYS ? 6 : field.to;
  const to = last !== undefined ? number(last, field) : first === undefined || step ? end : from;
  const by = Number(step ?? 1);
  if (to < from || by < 1) throw unreadable(part, field);
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function number(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + field.from : Number(text);
  if (!Number.isInteger(value) || value < field.from || value > field.to) throw unreadable(text, field);
  return value;
}

function unreadable(part: string, { name, from, to }: Field): Error {
  return new Error(
    `"${part}" is no ${name}. Write numbers from ${from} to ${to}, ranges a-b, lists a,b or steps */n.`,
  );
}
