import type { JobSettings, ScheduleSettings } from "../../config/schema";

/**
 * What a task definition says to the guard, beside its time-out: tasks.js reads it. So the guard knows what is
 * declared without being told by whoever asks it.
 */
const OVERLAP = "tandem.overlap";
const BY = "tandem.by";
const INPUTS = "tandem.inputs";

/** Only what is not the default: most schedules say nothing. */
export function scheduleLabels({ overlap, by }: ScheduleSettings): Record<string, string> {
  return { ...(overlap ? { [OVERLAP]: "true" } : {}), ...(by === "aws" ? {} : { [BY]: by }) };
}

/** The variables that a caller may say; a question mark behind those that it may leave out. */
export function jobLabels({ inputs }: JobSettings): Record<string, string> {
  const names = Object.entries(inputs)
    .map(([name, input]) => `${name}${input.default === undefined ? "" : "?"}`)
    .sort();
  return names.length === 0 ? {} : { [INPUTS]: names.join(",") };
}
