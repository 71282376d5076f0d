import type { EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import type { ResourceState } from "../../rehearsal/stack-state";
import type { Props } from "../../rehearsal/types";
import type { Outcome } from "../way";

/** Stands for every secret value. */
export const SECRET = "[secret]";

/** A resource as a preview sees it, before or after. */
export interface Seen {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Secret values are {@link SECRET}. */
  readonly inputs: Props;
}

/** What an update of one environment would do. */
export interface Planned {
  readonly stack: EnvironmentName;
  readonly steps: readonly Step[];
  /** The resources that stand, and those that would. */
  readonly before: readonly Seen[];
  readonly after: readonly Seen[];
  /** Whether resources that stay as they are were left out: sums over all of them cannot be known. @default false */
  readonly partial?: boolean;
  /** Why the update cannot be. */
  readonly failures: Outcome["failures"];
  readonly warnings: readonly string[];
}

/** Resources of the in-process rehearsal, secrets masked. */
export function seen(resources: readonly ResourceState[]): readonly Seen[] {
  return resources
    .filter(({ custom }) => custom)
    .map(({ urn, type, inputs, secretInputs }) => ({
      urn,
      type,
      name: urn.split("::").at(-1) ?? "",
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [key, secretInputs.includes(key) ? SECRET : value]),
      ),
    }));
}

/** Both environments' names in a table, and in a sentence. */
export const NAMES: Readonly<Record<EnvironmentName, string>> = { sandbox: "sandbox", prod: "production" };
export const TITLES: Readonly<Record<EnvironmentName, string>> = {
  sandbox: "the sandbox",
  prod: "production",
};

/** The component that a resource belongs to: the outermost one that is about one thing. */
export function componentOf(urn: string): string {
  const chain = (urn.split("::")[2] ?? "").split("$").slice(0, -1);
  const own = chain.filter((type) => !/:(Environment|Hosting)$/.test(type));
  return own[0]?.split(":").at(-1) ?? "the rest";
}
