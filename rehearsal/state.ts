import type { Fault } from "./faults";
import type { CloudObject, World } from "./types";

/** An object with what the rehearsal remembers about its birth. */
export interface StoredObject extends CloudObject {
  /** URN and serial number at creation: what its pseudo-random parts come from, whatever it is called later. */
  readonly origin: string;
  /** Deleted by the program and still there. */
  kept?: boolean;
}

/** Everything that the simulated clouds hold: plain JSON, written to one file. */
export interface CloudState {
  readonly objects: Record<string, StoredObject>;
  /** The present instant, ISO 8601. */
  clock: string;
  /** What the generated passwords and ids come from: two rehearsals differ only by it. */
  readonly seed: string;
  /** Creates so far, by URN. */
  readonly serials: Record<string, number>;
  readonly faults: Fault[];
  readonly world: World;
}

const START = "2026-11-22T08:00:00.000Z";
const SHARED = /^(cloudflare|github|random):/;

export function emptyState(world: World, seed = "tandem"): CloudState {
  return { objects: {}, clock: START, seed, serials: {}, faults: [], world };
}

/** Whose objects of a type are: an AWS account's, or everybody's for the other packages. */
export function owner(type: string, account: string): string {
  return SHARED.test(type) ? "shared" : account;
}

/** Where an object is kept. Generated values have no id of their own (`none`): their origin tells them apart. */
export function keyOf(object: Pick<StoredObject, "account" | "type" | "id" | "origin">): string {
  const key = `${object.account}|${object.type}|${object.id}`;
  return object.id === "none" ? `${key}|${object.origin}` : key;
}

/** All objects that answer to an id, the oldest first: more than one only where the id is `none`. */
export function answering(
  state: CloudState,
  asked: { type: string; id: string; account: string; urn?: string },
): StoredObject[] {
  const account = owner(asked.type, asked.account);
  if (asked.id !== "none") {
    const found = state.objects[`${account}|${asked.type}|${asked.id}`];
    return found ? [found] : [];
  }
  const all = Object.values(state.objects).filter((o) => o.type === asked.type && o.id === "none");
  return asked.urn === undefined ? all : all.filter((o) => urnOf(o) === asked.urn);
}

/** The URN under which an object was created. */
export function urnOf(object: StoredObject): string {
  return object.origin.slice(0, object.origin.lastIndexOf("#"));
}

/** Gone for everybody who asks, although a trace is left: a reserved name, a final snapshot. */
export function isGone(object: CloudObject): boolean {
  return object.contents?.deletedAt !== undefined;
}
