/** The address ranges of a network's subnets, in the order of its zones. */
export interface SubnetCidrs {
  readonly public: readonly string[];
  readonly private: readonly string[];
}

/** Narrower than /22 a subnet is too small for a load balancer; AWS allows no network wider than /16. */
const WIDEST = 16;
const NARROWEST = 22;
/** A sixteenth each: eight public places and eight private ones, so that a third zone moves nothing. */
const SPLIT = 4;

/**
 * Splits a network evenly: public subnets from its first half, private ones from its second, each a sixteenth
 * of it (a /16 gives /20s).
 */
export function subnetCidrs(cidr: string, zones: number): SubnetCidrs {
  const [address = "", bits = ""] = cidr.split("/");
  const prefix = Number(bits);
  if (!(prefix >= WIDEST && prefix <= NARROWEST))
    throw new Error(`network.cidr: "${cidr}" is not allowed: a range from /${WIDEST} to /${NARROWEST}.`);

  const size = 2 ** (32 - prefix - SPLIT);
  const places = (first: number) =>
    Array.from({ length: zones }, (_, zone) => {
      const start = toNumber(address) + (first + zone) * size;
      return `${toAddress(start)}/${prefix + SPLIT}`;
    });
  return { public: places(0), private: places(2 ** (SPLIT - 1)) };
}

/** Regions where the first letters are not open to every account. */
const LETTERS: Readonly<Record<string, string>> = { "ap-northeast-1": "acd", "ca-central-1": "abd" };

/** The letters of the availability zones to use: part of logical names, so they are keys, not positions. */
export function zoneLetters(region: string, zones: number): readonly string[] {
  return (LETTERS[region] ?? "abc").slice(0, zones).split("");
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}
