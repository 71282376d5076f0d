import { z } from "zod";
import { duration } from "../values";

export const secretInFull = z.strictObject({
  kind: z.enum(["generated", "given"]),
  /** Characters of a generated one. */
  length: z.int().min(32).max(128).default(50),
  /** Where a person gets a given one. */
  from: z.string().optional(),
  /** How long the former value is still accepted after a rotation: the longest life of what was signed with it. */
  life: duration.default(14 * 86_400),
  /** The age at which somebody is told that it wants rotating. */
  limit: duration.default(365 * 86_400),
});

export const secret = z.union([
  z
    .enum(["generated", "given"])
    .transform((kind) => ({ kind }))
    .pipe(secretInFull),
  secretInFull,
]);
