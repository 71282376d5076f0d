import { z } from "zod";
import { duration, key } from "../values";

/** What arrives from outside in a bucket of the application, and what has to be true of it. */
export const intake = z.strictObject({
  /** Key of the bucket that it arrives in. */
  bucket: key(20),
  /** What the names of its objects begin with: a folder. */
  prefix: z
    .string()
    .max(200, "at most 200 characters")
    .regex(
      /^([A-Za-z0-9][A-Za-z0-9._-]*\/)+$/,
      "a folder such as s3ic/ or dumps/georisques/: with / at its end",
    ),
  /** It is late, and told, when nothing good has come for this long: the time between two, and some more. */
  every: duration.pipe(
    z
      .number()
      .min(3600, "at least 1h")
      .max(400 * 86_400, "at most 400d"),
  ),
  /** What is smaller is told as too small. What is empty always is. */
  minimumBytes: z.int().min(1).default(1),
  /** `sha256`: each object has a file beside it, of its name and `.sha256`, that begins with its checksum. */
  checksum: z.enum(["sha256", "none"]).default("none"),
  /** A job that looks into what came: it gets the object's name as OBJECT, and fails where it is malformed. @default none */
  check: key(20).optional(),
});

export type IntakeSettings = z.output<typeof intake>;
