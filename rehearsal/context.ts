import { createHash } from "node:crypto";
import { type CloudState, owner } from "./state";
import { CloudRefusal, type Props, type RuleContext } from "./types";

const HOME_REGION = "eu-west-3";

export interface Occasion {
  readonly type: string;
  readonly urn: string;
  readonly account: string;
  readonly inputs: Props;
  /** See `StoredObject.origin`. */
  readonly origin: string;
}

/** What a named rule sees: the objects of its account, the clock, the world. */
export function contextFor(state: CloudState, o: Occasion): RuleContext {
  const all = (type: string) => {
    const whose = owner(type, o.account);
    return Object.values(state.objects).filter((each) => each.type === type && each.account === whose);
  };
  return {
    type: o.type,
    urn: o.urn,
    account: o.account,
    region: typeof o.inputs.region === "string" ? o.inputs.region : HOME_REGION,
    now: state.clock,
    world: state.world,
    all,
    find: (type, which) => all(type).find(which),
    hex: (purpose, length) => hex([state.seed, o.account, o.origin, purpose].join("\n"), length),
    refuse: (code, message) => {
      throw new CloudRefusal(code, message);
    },
  };
}

/** As many hexadecimal digits as asked for, always the same for the same text. */
function hex(text: string, length: number): string {
  let digits = "";
  for (let block = 0; digits.length < length; block++) {
    digits += createHash("sha256").update(`${text}\n${block}`).digest("hex");
  }
  return digits.slice(0, length);
}
