import { z } from "zod";
import { addresses, duration, instant, mail } from "../values";

const text = z.string().min(1).max(400, "at most 400 characters");

/** What the public sees while an application is closed, and when it is closed as code. Without a time it waits for the switch. */
export const maintenance = z.strictObject({
  /** When it begins. @default at once */
  from: instant.optional(),
  /** When it ends, by itself. @default nothing is planned: only the switch closes it */
  until: instant.optional(),
  /** What the page says. @default a sentence in French or English, by the visitor's language */
  text: z.strictObject({ fr: text.optional(), en: text.optional() }).default({}),
  /** Whom the page names: a mail address or an https:// address. @default nobody */
  contact: z
    .union(
      [mail, z.url({ protocol: /^https$/ }).max(200, "at most 200 characters")],
      "a mail address, or an address that begins with https://",
    )
    .optional(),
  /** Who sees the application all the same: addresses or ranges, IPv4 or IPv6. @default nobody but holders of a pass */
  allow: z.array(addresses).max(40, "at most 40 addresses or ranges").default([]),
  /** When clients are told to come back. @default when it ends: in a minute at the least, in a day at the most */
  retryAfter: duration.pipe(z.number().min(60, "at least 60s").max(86_400, "at most 1d")).optional(),
});
