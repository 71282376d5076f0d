import * as pulumi from "@pulumi/pulumi";
import type { Passport } from "../components/passport";
import type { Configuration } from "../config";
import { type Mistake, report } from "../config/mistakes";
import type { Settings } from "../config/settings";
import { missingImages } from "./images";
import { refusals, unknownPin } from "./refusals";

/** How many passports production can go back to. */
export const KEPT = 10;

/** Why production does not take a release: everything at once, and no resource has been declared. */
export class PromotionRefused extends pulumi.RunError {
  constructor(what: string, reasons: readonly Mistake[]) {
    const count = reasons.length === 1 ? "one reason" : `${reasons.length} reasons`;
    super(report(`Production does not ${what}, for ${count}; nothing was touched.`, reasons));
  }
}

/**
 * The passport whose release production is to run: what the sandbox proved, or the kept one that configuration
 * names, for which the sandbox is not asked. Read before anything is declared, so that a promotion that must not
 * happen touches nothing.
 *
 * @param kept the passports that production took before, the newest first
 * @throws PromotionRefused with every reason
 */
export async function passportToTake(
  { settings, program, now }: Pick<Configuration, "settings" | "program" | "now">,
  kept: readonly Passport[],
): Promise<Passport> {
  const pinned = settings.passport !== undefined;
  const passport = pinned ? pinnedPassport(settings, kept) : await sandboxPassport(settings);
  const running = passport.id === kept[0]?.id;
  const reasons = [
    ...refusals({ passport, settings, program, now, pinned, running }),
    ...(await missingImages(passport, settings)),
  ];
  const what = pinned ? `go back to ${passport.id}` : `take ${passport.id} from the sandbox`;
  if (reasons.length > 0) throw new PromotionRefused(what, reasons);
  return passport;
}

/** The passports that production can go back to once it took one: each release once, the newest first. */
export function keptWith(taken: Passport, kept: readonly Passport[]): readonly Passport[] {
  const before = kept.find(({ id }) => id === taken.id);
  // A sandbox that was switched off since says nothing of its verification any more.
  const verification = taken.verification ?? before?.verification;
  const newest = verification === undefined ? taken : { ...taken, verification };
  return [newest, ...kept.filter(({ id }) => id !== taken.id)].slice(0, KEPT);
}

function pinnedPassport(settings: Settings, kept: readonly Passport[]): Passport {
  const found = kept.find(({ id }) => id === settings.passport);
  if (found === undefined)
    throw new PromotionRefused(`go back to ${settings.passport}`, [unknownPin(settings, kept)]);
  return found;
}

async function sandboxPassport({ project }: Settings): Promise<Passport> {
  const name = `${pulumi.getOrganization()}/${project}/sandbox`;
  const { value } = await new pulumi.StackReference("sandbox", { name }).getOutputDetails("passport");
  if (value !== undefined) return value as Passport;
  const reason = {
    file: `the stack ${name}`,
    path: "passport",
    found: "no passport, so nothing to promote",
    allowed: "an environment that has stood",
    remedy: "pulumi up --stack sandbox, then this again",
  };
  throw new PromotionRefused("take over from the sandbox", [reason]);
}
