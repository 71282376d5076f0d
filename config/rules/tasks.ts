import { Cron } from "croner";
import { type Checkable, mistakeAt } from "../checkable";
import type { Mistake } from "../mistakes";
import { shown } from "../mistakes";
import type { ScheduleSettings } from "../schema";

/** Schedules that GitHub's clock starts, and jobs that its form asks for. */
export function taskMistakes(checkable: Checkable): Mistake[] {
  const { schedules } = checkable.settings;
  return [
    ...Object.entries(schedules)
      .filter(([, { by }]) => by === "github")
      .flatMap(([key, schedule]) => clock(checkable, key, schedule)),
    ...form(checkable),
    ...inputs(checkable),
  ];
}

/** What GitHub's clock cannot do; EventBridge Scheduler can. */
function clock(checkable: Checkable, key: string, { cron, timeZone }: ScheduleSettings): Mistake[] {
  const path = ["schedules", key];
  const elsewhere = "or say by: aws, which can do it";
  const fields = cron.trim().split(/\s+/);
  const at = (property: string, found: string, allowed: string, remedy: string) =>
    mistakeAt(checkable, [...path, property], { found: shown(found), allowed, remedy });
  return [
    ...(timeZone === "UTC"
      ? []
      : [
          at(
            "timeZone",
            timeZone,
            "UTC: GitHub's clock knows no other",
            `write the hours in UTC, ${elsewhere}`,
          ),
        ]),
    ...(fields.every((field, index) => READ[index]?.test(field))
      ? []
      : [
          at(
            "cron",
            cron,
            "what GitHub's clock reads: numbers or names, with * , - and /; Sunday is 0",
            `write it so, ${elsewhere}`,
          ),
        ]),
    ...(closest(cron) >= LEAST
      ? []
      : [
          at(
            "cron",
            cron,
            "runs at least 5 minutes apart: GitHub starts none sooner",
            `space them, ${elsewhere}`,
          ),
        ]),
  ];
}

const NUMBERS = /^[0-9*,/-]+$/;
/** Field by field: minute, hour, day, month, weekday. */
const READ = [
  NUMBERS,
  NUMBERS,
  NUMBERS,
  /^([0-9*,/-]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)+$/i,
  /^([0-689*,/-]|SUN|MON|TUE|WED|THU|FRI|SAT)+$/i,
];
/** Seconds. */
const LEAST = 300;

/** The shortest time between two runs on two days in a row, in seconds. */
function closest(cron: string): number {
  const [minute, hour] = cron.trim().split(/\s+/);
  const daily = new Cron(`${minute} ${hour} * * *`, { paused: true, utcOffset: 0 });
  const start = Date.UTC(2026, 0, 1);
  let [least, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let next = daily.nextRun(new Date(start)); next !== null; next = daily.nextRun(next)) {
    const seconds = (next.getTime() - start) / 1000;
    if (seconds > 2 * 86_400) break;
    least = Math.min(least, seconds - last);
    last = seconds;
  }
  return least;
}

/** GitHub takes 25 inputs of a button; one asks which job. */
const FIELDS = 24;

function form(checkable: Checkable): Mistake[] {
  const names = new Set(Object.values(checkable.settings.jobs).flatMap(({ inputs }) => Object.keys(inputs)));
  if (names.size <= FIELDS) return [];
  return [
    mistakeAt(checkable, ["jobs"], {
      found: `${names.size} different inputs`,
      allowed: `at most ${FIELDS} of all jobs together: GitHub's form has no room for more`,
      remedy: "give inputs of the same kind the same name, or let one input carry several values",
    }),
  ];
}

function inputs(checkable: Checkable): Mistake[] {
  const { jobs, applications } = checkable.settings;
  return Object.entries(jobs).flatMap(([key, { inputs, application }]) => {
    const secret = secretVariables(applications[application]);
    return Object.entries(inputs).flatMap(([name, { question, default: fallback = "" }]) => {
      const at = (property: readonly string[], found: string, allowed: string, remedy: string) =>
        mistakeAt(checkable, ["jobs", key, "inputs", name, ...property], {
          found: shown(found),
          allowed,
          remedy,
        });
      return [
        ...(name === "JOB"
          ? [
              at(
                [],
                name,
                "any name but JOB: the form asks for the job itself under it",
                "choose another name",
              ),
            ]
          : []),
        ...(secret.has(name)
          ? [
              at(
                [],
                name,
                `a variable that is no secret of ${application}: whoever starts the job would replace it`,
                "choose another name: an input is no place for a secret, GitHub shows it",
              ),
            ]
          : []),
        ...Object.entries({ question, default: fallback })
          .filter(([, text]) => text.includes(EXPRESSION))
          .map(([property, text]) =>
            at(
              [property],
              text,
              `a text without ${EXPRESSION}: GitHub would compute it`,
              "write it otherwise",
            ),
          ),
        ...(fallback.length > LONGEST
          ? [
              at(
                ["default"],
                fallback,
                `at most ${LONGEST} characters`,
                "let the command know long values itself",
              ),
            ]
          : []),
      ];
    });
  });
}

const EXPRESSION = ["$", "{{"].join("");
/** What the guard takes as the value of one input. */
const LONGEST = 1000;

function secretVariables(
  application: Checkable["settings"]["applications"][string] | undefined,
): Set<string> {
  if (application === undefined) return new Set();
  const databases = Object.values(application.databases).flatMap(({ prefix, url }) => [
    `${prefix}_PASSWORD`,
    ...(url === undefined ? [] : [url]),
  ]);
  return new Set([...Object.keys(application.secrets), ...databases]);
}
