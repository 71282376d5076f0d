import { z } from "zod";
import { command, cron, duration, key, longestGap, timeZone, variableName } from "../values";
import { process } from "./application";

const task = {
  application: key(20),
  command,
  /** Ended, and told, after this long. */
  timeout: duration.pipe(z.number().max(86_400, "at most 24h")).default(3600),
  cpu: process.shape.cpu,
  memory: process.shape.memory,
};

export const schedule = z
  .strictObject({
    ...task,
    cron,
    timeZone: timeZone.default("UTC"),
    /** Whose clock starts it. GitHub's knows UTC only, is often late, and stops after 60 days without a commit. */
    by: z.enum(["aws", "github"]).default("aws"),
    /** Whether a run may start while the one before still runs. */
    overlap: z.boolean().default(false),
    enabled: z.boolean().default(true),
  })
  /** The longest time between two runs, in seconds: a run is missed when more has passed. */
  .transform((said) => ({ ...said, everySeconds: longestGap(said.cron, said.timeZone) }));

export const job = z.strictObject({
  ...task,
  /** What the person who starts it is asked for: variable to question. */
  inputs: z
    .record(variableName, z.strictObject({ question: z.string().min(1), default: z.string().optional() }))
    .default({}),
});
