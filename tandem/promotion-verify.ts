import type { Passport } from "../components/passport";
import { CommandError } from "./errors";
import { instant } from "./status/time-words";
import { counted, reasons, told, type Way } from "./way";

/** The resource whose making looks at a running environment: it is called so in every environment. */
const LOOK = ["**verification**"];

/**
 * An `up` of the sandbox in which it is looked at anew, whether anything changed or not.
 *
 * @returns what was found, in words
 * @throws CommandError where it does not stand, or where nothing runs that could be looked at
 */
export async function verification(way: Way): Promise<string> {
  if ((await way.outputs("sandbox")) === undefined)
    throw new CommandError(
      "The sandbox does not stand yet, so there is nothing to look at: bring it up first (npx tandem rehearse; really: npx tandem apply --stack sandbox --real).",
    );
  const { failures, outputs, steps, seconds } = await way.run("sandbox", "up", undefined, LOOK);
  if (failures.length > 0) throw new CommandError(`The sandbox is not verified.\n${reasons({ failures })}`);
  const passport = outputs.passport as Passport;
  if (passport.verification === undefined)
    throw new CommandError(
      "Nothing runs in the sandbox, so there is nothing to look at: release an application and let it run (enabled: true).",
    );
  const { at, urls, baked } = passport.verification;
  return [
    `The sandbox runs ${passport.id}, verified ${instant(at)} (${counted(told(steps), true)}, ${seconds.toFixed(1)} s).`,
    ...urls.map((url) => `  answers  ${url}`),
    ...baked.map(
      ({ application, file, carries }) =>
        `  baked    ${file} of ${application} carries ${carries.join(", ")}: production refuses it`,
    ),
  ].join("\n");
}
