import { z } from "zod";
import { timeZone } from "../values";

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time of the day in quotes, such as "08:00"');

/** When an environment is awake. Outside these hours it costs little: processes, and where asked databases, stand still. */
export const officeHours = z.strictObject({
  /** By the clocks of `timeZone`, also across daylight saving. */
  from: time.default("08:00"),
  to: time.default("19:00"),
  days: z
    .array(z.enum(DAYS, `one of ${DAYS.join(", ")}`))
    .min(1, "at least one day: use enabled: false for an environment that never runs")
    .default(["mon", "tue", "wed", "thu", "fri"]),
  timeZone: timeZone.default("Europe/Paris"),
  /**
   * Whether databases stop as well: outside the hours, and by day too while nothing that asks them is on
   * (`enabled: false` of the environment, or of all their applications). They start 20 minutes before the hours begin.
   */
  databases: z.boolean().default(false),
  /**
   * Whether what runs by AWS's clock waits for the hours, or runs at night all the same. What pauses every night is
   * told when it fails, but not when it is silent: its age, by which silence is measured, begins anew each morning.
   */
  schedules: z.enum(["pause", "go-on"]).default("pause"),
});

export type OfficeSettings = z.output<typeof officeHours>;
