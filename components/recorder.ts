import * as pulumi from "@pulumi/pulumi";
import { withoutSourceMaps } from "../rehearsal/traces";

/** One resource that a component declared. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const SECRET = "4dabf18193072939515e22adb298388d";

/**
 * For tests: runs a declaration without any cloud and returns what it declared, in order. Outputs of a
 * resource are its inputs plus an id and an arn; values that were secret arrive as `{ secret: value }`.
 */
export async function record(
  declare: () => unknown,
  outputs: (type: string, name: string) => Record<string, unknown> = () => ({}),
): Promise<readonly Recorded[]> {
  const recorded: Recorded[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type.split(":").length > 2) recorded.push({ type, name, inputs: unwrap(inputs) as never });
        const arn = `arn:aws:test:eu-west-3:111111111111:${name}`;
        return { id: `${name}-id`, state: { arn, name, ...inputs, ...outputs(type, name) } };
      },
      call: ({ token, inputs }) => ({ ...answer(token), ...inputs }),
    },
    "shop",
    "sandbox",
  );
  try {
    await withoutSourceMaps(() => pulumi.runtime.runInPulumiStack(async () => void (await declare())));
  } finally {
    await pulumi.runtime.disconnect();
  }
  return recorded.filter(({ type }) => !type.startsWith("tandem:") && type !== "pulumi:pulumi:Stack");
}

/** What the clouds answer when they are asked. */
function answer(token: string): Record<string, unknown> {
  if (token.includes("getIpRanges")) return { ipv4Cidrs: ["192.0.2.0/24"], ipv6Cidrs: ["2001:db8::/32"] };
  if (token.includes("getRepository")) return { repoId: 88 };
  if (token.includes("getPagesProjects"))
    return { results: [{ id: "a-project", name: "shop-prod-site-blog" }] };
  return token.includes("getUser") ? { id: "1001" } : {};
}

/** The recorded resources of one type, by name. */
export function ofType(recorded: readonly Recorded[], type: string): Record<string, Record<string, unknown>> {
  return Object.fromEntries(recorded.filter((r) => r.type === type).map((r) => [r.name, r.inputs]));
}

function unwrap(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrap);
  if (typeof value !== "object" || value === null || value instanceof Promise) return value;
  if (SECRET in value) return { secret: unwrap((value as { value?: unknown }).value) };
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrap(inner)]));
}
