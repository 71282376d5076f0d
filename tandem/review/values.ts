import type { Step } from "../../rehearsal/run-types";
import type { Props } from "../../rehearsal/types";
import { code, plain } from "./markdown";
import { SECRET } from "./planned";

/** Properties whose text says a size, a version or a date, and cannot be a secret. */
const SHOWN = new Set([
  "backupWindow",
  "cidrBlock",
  "cidrIpv4",
  "cidrIpv6",
  "cpu",
  "engine",
  "engineVersion",
  "instanceClass",
  "ipProtocol",
  "limitAmount",
  "maintenanceWindow",
  "memory",
  "retentionPeriod",
  "runtime",
  "scheduleExpression",
  "scheduleExpressionTimezone",
  "sslPolicy",
  "state",
  "storageClass",
  "storageType",
]);
const HARMLESS = /^[\w.:/+*?(), -]{1,100}$/;

/** What differs in a resource, in Markdown, a piece each. Values only where they cannot be secret. */
export function differences(
  step: Step,
  before: Props | undefined,
  after: Props | undefined,
): readonly string[] {
  if (step.op === "create" || step.op.startsWith("delete")) return [];
  const forcing = new Set((step.replaces ?? []).map(top));
  const names = [...new Set([...forcing, ...(step.changed ?? []).map(top)])];
  return names.map((name) => {
    const piece = difference(name, before?.[name], after?.[name]);
    // Of several, it matters which one makes the replacement necessary.
    return forcing.has(name) && names.length > forcing.size ? `because of ${piece}` : piece;
  });
}

const top = (path: string) => path.split(/[.[]/)[0] ?? path;

function difference(name: string, old: unknown, now: unknown): string {
  const title = code(name);
  if (holdsSecret(old) || holdsSecret(now)) return `${title} (secret)`;
  if (name === "containerDefinitions") return [title, ...containers(old, now)].join(" ");
  if (/^(assumeRolePolicy|policy)$/.test(name)) return [title, ...grants(old, now)].join(" ");
  if (old === undefined && now === undefined) return title;
  const [from, to] = [shown(name, old), shown(name, now)];
  return from === undefined || to === undefined ? title : `${title} ${from} → ${to}`;
}

function shown(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null) return "not set";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && SHOWN.has(name) && HARMLESS.test(value) ? plain(value) : undefined;
}

function holdsSecret(value: unknown): boolean {
  if (typeof value === "string") return value.includes(SECRET);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsSecret);
}

interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly environment?: readonly { readonly name: string; readonly value?: unknown }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom?: unknown }[];
}

/** An image's digest, and the names of variables and secrets. */
function containers(old: unknown, now: unknown): readonly string[] {
  const [before, after] = [opened(old), opened(now)] as [Container[], Container[]];
  if (!Array.isArray(before) || !Array.isArray(after)) return [];
  return after.flatMap((container) => {
    const former = before.find(({ name }) => name === container.name);
    if (former === undefined) return [];
    const image =
      former.image === container.image ? [] : [`image ${brief(former.image)} → ${brief(container.image)}`];
    const variables = named(former.environment, container.environment);
    const secrets = named(former.secrets, container.secrets);
    return [
      ...image,
      ...(variables.length === 0 ? [] : [`variables ${variables.join(", ")}`]),
      ...(secrets.length === 0 ? [] : [`secrets ${secrets.join(", ")}`]),
    ];
  });
}

/** A digest or a tag; the registry before it is the same in every image. */
const brief = (image = "none") => code(/(sha256:[0-9a-f]{12}|[\w.-]{1,40}$)/.exec(image)?.[0] ?? "another");

type Named = readonly { readonly name: string }[];

function named(before: Named = [], after: Named = []): readonly string[] {
  const text = (list: Named, name: string) => JSON.stringify(list.find((one) => one.name === name));
  const names = [...new Set([...before, ...after].map(({ name }) => name))].sort();
  return names
    .filter((name) => text(before, name) !== text(after, name))
    .map((name) => {
      const [was, is] = [before, after].map((list) => list.some((one) => one.name === name));
      return `${is ? (was ? "" : "+ ") : "− "}${code(name, 80)}`;
    });
}

/** Which actions a policy allows now, and which no longer. */
function grants(old: unknown, now: unknown): readonly string[] {
  const [before, after] = [actions(opened(old)), actions(opened(now))];
  return [
    ...after.filter((action) => !before.includes(action)).map((action) => `+ ${code(action, 80)}`),
    ...before.filter((action) => !after.includes(action)).map((action) => `− ${code(action, 80)}`),
  ];
}

function actions(policy: unknown): readonly string[] {
  const statements = [(policy as { Statement?: unknown } | undefined)?.Statement ?? []].flat() as {
    Effect?: string;
    Action?: string | string[];
  }[];
  const allowed = statements.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action = [] }) => Action);
  return [...new Set(allowed)].filter((action) => /^(\*|[\w-]+:[\w*]+)$/.test(action)).sort();
}

function opened(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}
