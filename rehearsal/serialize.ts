import { withHash } from "./assets";
import { type Props, UNKNOWN } from "./types";

/** The key under which Pulumi marks an object on the wire as more than an object. */
export const SIGNATURE = "4dabf18193072939515e22adb298388d";
export const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const ASSETS = new Set(["c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"]);

/** A property bag as it came from the program, in plain values. */
export interface FromWire {
  readonly values: Props;
  /** Top-level names with a secret anywhere inside. */
  readonly secrets: readonly string[];
  /** True where a value is not known, which here means: something it is made from has failed. */
  readonly unknown: boolean;
}

/** Takes the wrapping off: secrets and references become what they stand for, assets get their hash. */
export function fromWire(object: Readonly<Record<string, unknown>>): FromWire {
  const values: Props = {};
  const secrets: string[] = [];
  const seen = { secret: false, unknown: false };
  for (const [name, value] of Object.entries(object)) {
    seen.secret = false;
    // A null is what a provider takes for a property that is not set.
    if (value !== null && value !== undefined) values[name] = unwrap(value, seen);
    if (seen.secret) secrets.push(name);
  }
  return { values, secrets, unknown: seen.unknown };
}

/** The reverse for what goes to the program: the named properties are marked secret. */
export function toWire(values: Props, secrets: readonly string[]): Props {
  const wire = plain(values);
  for (const name of secrets) if (name in wire) wire[name] = { [SIGNATURE]: SECRET, value: wire[name] };
  return wire;
}

/** A deep copy without `undefined`, so that neither side can change what the other one keeps. */
export function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : plain(item))) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy: Props = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== undefined) copy[key] = plain(inner);
  return copy as T;
}

function unwrap(value: unknown, seen: { secret: boolean; unknown: boolean }): unknown {
  if (value === UNKNOWN) seen.unknown = true;
  if (Array.isArray(value)) return value.map((item) => unwrap(item, seen));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Props;
  const signature = object[SIGNATURE];
  if (signature === SECRET || signature === OUTPUT) {
    if (signature === SECRET || object.secret === true) seen.secret = true;
    return unwrap("value" in object ? object.value : UNKNOWN, seen);
  }
  // Providers take a resource by its id; a component has none, so its URN stands for it.
  if (signature === RESOURCE) return unwrap(object.id === "" ? UNKNOWN : (object.id ?? object.urn), seen);
  const copy: Props = {};
  for (const [key, inner] of Object.entries(object)) if (inner !== null) copy[key] = unwrap(inner, seen);
  return ASSETS.has(String(signature)) ? withHash(copy) : copy;
}
