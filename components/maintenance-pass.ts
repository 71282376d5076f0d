import { createHmac } from "node:crypto";
import { pathName, type Scope } from "./names";

/** Where the key of all signatures stands for whoever makes a pass. */
export const keyParameter = (scope: Scope): string => pathName(scope, "maintenance-key");

/** What the worker computes too (components/edge-worker.js): one key, and a signature for each purpose. */
export const signature = (key: string, purpose: string): string =>
  createHmac("sha256", key).update(purpose).digest("hex");

/** The link that shows one host as it is behind the page, until an instant. */
export function passLink(key: string, host: string, until: Date): string {
  const seconds = Math.floor(until.getTime() / 1000);
  const query = `until=${seconds}&signature=${signature(key, `pass ${host} ${seconds}`)}`;
  return `https://${host}/.well-known/tandem/pass?${query}`;
}
