import { z } from "zod";
import { mail } from "../values";

/**
 * Addresses of the zone's domain, forwarded. From then on nobody else receives its mail: what is sent to any other
 * address of it bounces.
 */
export const mailbox = z.strictObject({
  /** What stands before the @, and who receives it. */
  addresses: z.record(
    z.string().regex(/^[a-z0-9._-]{1,64}$/, "what stands before the @"),
    z.array(mail).length(1, "one address: a Cloudflare rule forwards to one; use a group for more"),
  ),
  /** What receivers do with mail that only pretends to come from the domain: DMARC's policy. */
  dmarc: z.enum(["none", "quarantine", "reject"]).default("quarantine"),
});
