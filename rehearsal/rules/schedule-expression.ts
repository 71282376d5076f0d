/** One field of AWS's cron: its bounds, and names that stand for numbers. */
interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly names?: readonly string[];
  /** Extra forms: `L`, `15W` of a month, `6#3`, `6L` of a week. */
  readonly special?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Source: EventBridge user guide, "Cron expressions reference": six fields, the week starts with SUN = 1. */
const FIELDS: readonly Field[] = [
  { name: "minutes", from: 0, to: 59 },
  { name: "hours", from: 0, to: 23 },
  { name: "day of month", from: 1, to: 31, special: /^(L|LW|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", from: 1, to: 12, names: MONTHS },
  { name: "day of week", from: 1, to: 7, names: DAYS, special: /^(L|[1-7]L|[1-7]#[1-5])$/ },
  { name: "year", from: 1970, to: 2199 },
];

/** What is wrong with a schedule expression (`cron(…)`, `rate(…)`, `at(…)`); undefined when nothing is. */
export function scheduleProblem(
  expression: string,
  kinds: readonly string[] = ["cron", "rate", "at"],
): string | undefined {
  const [, kind = "", body = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (!kinds.includes(kind))
    return `"${expression}" is none of ${kinds.map((each) => `${each}(…)`).join(", ")}`;
  if (kind === "rate") return rateProblem(body);
  if (kind === "at") return atProblem(body);
  return cronProblem(body);
}

/** True for an IANA time zone that this machine's Intl knows. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function rateProblem(body: string): string | undefined {
  const [, count, unit] = /^(\d+) (minute|hour|day)s?$/.exec(body) ?? [];
  if (unit === undefined || Number(count) < 1)
    return `rate(${body}) needs a number and minutes, hours or days`;
  const isPlural = body.endsWith("s");
  return isPlural === Number(count) > 1 ? undefined : `rate(${body}): write ${unit}${isPlural ? "" : "s"}`;
}

function atProblem(body: string): string | undefined {
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) && !Number.isNaN(Date.parse(`${body}Z`));
  return isInstant ? undefined : `at(${body}) needs yyyy-mm-ddThh:mm:ss`;
}

function cronProblem(body: string): string | undefined {
  const parts = body.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return `cron(${body}) has ${parts.length} fields, not 6: minutes hours day-of-month month day-of-week year`;
  }
  const [, , dayOfMonth, , dayOfWeek] = parts;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    return `cron(${body}): exactly one of day of month and day of week is "?"`;
  }
  const wrong = FIELDS.find((field, index) => !isField(field, parts[index] ?? ""));
  return wrong && `cron(${body}): the ${wrong.name} are not possible (${wrong.from}-${wrong.to})`;
}

function isField(field: Field, text: string): boolean {
  if (text === "?") return field.special !== undefined;
  return text.split(",").every((part) => field.special?.test(part) || isRange(field, part));
}

/** `*`, `5`, `1-5`, `MON-FRI`, each with `/step` at the end. */
function isRange(field: Field, text: string): boolean {
  const [range = "", step, ...rest] = text.split("/");
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
  if (range === "*") return true;
  const bounds = range.split("-").map((bound) => numberOf(field, bound));
  const [from, to] = bounds;
  if (bounds.length > 2 || bounds.includes(undefined) || from === undefined) return false;
  return to === undefined || from <= to || field.name === "hours" || field.names !== undefined;
}

function numberOf(field: Field, text: string): number | undefined {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + field.from : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.from && value <= field.to ? value : undefined;
}
