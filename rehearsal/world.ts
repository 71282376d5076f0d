import { createHash } from "node:crypto";
import type { Props, World } from "./types";

/** What to assume about the outside, in the words of a configuration. */
export interface Surroundings {
  /** Cloudflare zone names. */
  readonly zones?: readonly string[];
  /** Cloudflare plan of all zones. @default "free" */
  readonly plan?: "free" | "pro";
  /** GitHub repositories as `owner/name`, or with what they hold. */
  readonly repositories?: readonly (
    | string
    | {
        readonly name: string;
        readonly files?: readonly string[];
        readonly defaultBranch?: string;
        /** Other branches. */
        readonly branches?: readonly string[];
      }
  )[];
  /** GitHub logins. */
  readonly users?: readonly string[];
  /** Addresses whose owner has confirmed Cloudflare's mail. */
  readonly mailDestinations?: readonly string[];
  /** Image digests (`sha256:...`) that the application's own CI pushes, by registry name. */
  readonly images?: Readonly<Record<string, readonly string[]>>;
  /** Databases that exist before tandem, by identifier. */
  readonly databases?: Readonly<Record<string, { readonly inputs: Props; readonly outputs: Props }>>;
  /** Names of database snapshots that exist before tandem. */
  readonly snapshots?: readonly string[];
  /** What functions answer, by name and by the input's `do`. */
  readonly functions?: World["functions"];
}

/** A world with ids that depend on nothing but the names. All zones belong to one Cloudflare account. */
export function worldFor(s: Surroundings): World {
  return {
    zones: byName(s.zones ?? [], (name) => ({
      id: hex(`zone ${name}`, 32),
      accountId: CLOUDFLARE_ACCOUNT,
      plan: s.plan ?? "free",
    })),
    repositories: Object.fromEntries(
      (s.repositories ?? []).map((r) => repository(typeof r === "string" ? { name: r } : r)),
    ),
    users: byName(s.users ?? [], (login) => ({ id: number(`user ${login}`) })),
    verifiedMail: [...(s.mailDestinations ?? [])],
    images: { ...s.images },
    databases: { ...s.databases },
    snapshots: [...(s.snapshots ?? [])],
    functions: { ...s.functions },
  };
}

/** The world as it is now, in which the images that were pushed before are still there. */
export function remembering(before: World, now: World): World {
  const images = { ...before.images };
  for (const [name, pushed] of Object.entries(now.images))
    images[name] = [...new Set([...(images[name] ?? []), ...pushed])];
  return { ...now, images };
}

/** An object that existed before any resource, under the id by which an import asks for it. */
export function preexisting(
  world: World,
  type: string,
  id: string,
): { inputs: Props; outputs: Props } | undefined {
  if (type === "aws:rds/instance:Instance") return world.databases[id];
  if (type !== "github:index/repository:Repository") return undefined;
  const found = Object.entries(world.repositories).find(([name]) => name.split("/")[1] === id || name === id);
  if (!found) return undefined;
  const [fullName, { id: repoId, defaultBranch }] = found;
  const name = fullName.split("/")[1] ?? fullName;
  return { inputs: { name }, outputs: { name, fullName, repoId, defaultBranch, nodeId: `R_${repoId}` } };
}

/** The Cloudflare account of the rehearsal. */
export const CLOUDFLARE_ACCOUNT = hex("cloudflare account", 32);

/** The id of a Cloudflare zone of this name in every world made by {@link worldFor}. */
export function zoneId(name: string): string {
  return hex(`zone ${name}`, 32);
}

function repository(r: {
  readonly name: string;
  readonly files?: readonly string[];
  readonly defaultBranch?: string;
  readonly branches?: readonly string[];
}) {
  const held = {
    id: number(`repository ${r.name}`),
    defaultBranch: r.defaultBranch ?? "main",
    ...(r.branches === undefined ? {} : { branches: r.branches }),
    files: r.files ?? [],
  };
  return [r.name, held] as const;
}

function byName<T>(names: readonly string[], make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(names.map((n) => [n, make(n)]));
}

function hex(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

function number(text: string): number {
  return Number.parseInt(hex(text, 7), 16) + 1_000_000;
}
