import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";

/** The longest time that a protection may be set aside, in days: what is meant is done soon. */
const LONGEST = 30;

const DAY = 86_400_000;

/**
 * An acknowledgement ends, and is cleared away when it has. What it names need not be declared: that is how
 * something goes. Where the present instant is not known, only the run itself can tell.
 */
export function acknowledgementMistakes(checkable: Checkable): Mistake[] {
  const { settings, now } = checkable;
  if (now === undefined) return [];
  return settings.acknowledged.flatMap(({ until, what }, index) => {
    const path = ["acknowledged", index, "until"];
    if (until < day(Date.parse(now)))
      return [
        mistakeAt(checkable, path, {
          found: shown(until),
          allowed: `a day to come: it expired on ${until}, the protection of ${what} is back`,
          remedy: "remove it, or renew it with a reason",
        }),
      ];
    const last = lastDay(now);
    if (until <= last) return [];
    return [
      mistakeAt(checkable, path, {
        found: shown(until),
        allowed: `a day within ${LONGEST} days, ${last} at the latest`,
        remedy: "name a day by which it is done; it can be renewed then",
      }),
    ];
  });
}

/** A rehearsal's clock may stand behind the calendar: the later of the two counts. */
const lastDay = (now: string) => day(Math.max(Date.parse(now), Date.now()) + LONGEST * DAY);

const day = (time: number) => new Date(time).toISOString().slice(0, 10);
