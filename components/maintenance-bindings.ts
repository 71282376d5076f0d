import { readFileSync } from "node:fs";
import { join } from "node:path";
import ipaddr from "ipaddr.js";
import type { ApplicationSettings } from "../config/schema";
import { mapValues } from "./collections";

type Applications = Readonly<Record<string, ApplicationSettings>>;

/** Cloudflare's cap of a binding, in bytes. */
const MOST = 5120;

/** The first and the last address of a range, as hexadecimal digits: 8 of them for IPv4, 32 for IPv6. */
export type Range = readonly [first: string, last: string];

/** What the worker knows of one application. */
export interface ClosableApplication {
  readonly key: string;
  /** The path where its process says that it is well, by host; aliases are hosts. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly text: { readonly fr?: string | undefined; readonly en?: string | undefined };
  readonly contact?: string | undefined;
  readonly allow: readonly Range[];
  /** In seconds. */
  readonly retryAfter?: number | undefined;
}

/** The applications that the public reaches, and so can be closed. */
export function closable(applications: Applications): Readonly<Record<string, ClosableApplication>> {
  const hosted = Object.entries(applications).filter(([, application]) => hostsOf(application).length > 0);
  return mapValues(Object.fromEntries(hosted), ({ maintenance, ...application }, key) => ({
    key,
    hosts: Object.fromEntries(hostsOf(application)),
    ...maintenance,
    allow: maintenance.allow.map(rangeOf),
  }));
}

/** A host of each of these, where the public gets so far; undefined where a login stands before it. */
export function shownHosts(applications: Applications): Readonly<Record<string, string | undefined>> {
  return mapValues(closable(applications), ({ key, hosts }) =>
    applications[key]?.editors === undefined ? Object.keys(hosts)[0] : undefined,
  );
}

/**
 * The worker's bindings for maintenance that are no secret.
 *
 * @throws where what is said of one application does not fit into a binding
 */
export function applicationBindings(applications: Applications) {
  const each = Object.values(closable(applications)).map((application) => {
    const json = JSON.stringify(application);
    const size = Buffer.byteLength(json);
    if (size > MOST)
      throw new Error(
        `What the edge has to know of ${application.key} for its maintenance takes ${size} bytes; allowed: ${MOST}. ` +
          "Shorten its texts, name ranges instead of addresses, or remove aliases.",
      );
    return { name: `APPLICATION_${application.key.toUpperCase().replaceAll("-", "_")}`, type: "json", json };
  });
  return [...each, { name: "PAGE", type: "plain_text", text: page() }];
}

/** The page with its gaps, as the worker fills it. */
export const page = (): string => readFileSync(join(__dirname, "edge-page.html"), "utf8");

export function rangeOf(text: string): Range {
  const [address, bits] = text.includes("/")
    ? ipaddr.parseCIDR(text)
    : ([ipaddr.process(text), undefined] as const);
  const bytes = address.toByteArray();
  const free = bits === undefined ? 0 : bytes.length * 8 - bits;
  // Of each byte the bits that the range leaves free, from the last byte on.
  const masks = bytes.map((_, index) => {
    const open = Math.min(8, Math.max(0, free - (bytes.length - 1 - index) * 8));
    return (1 << open) - 1;
  });
  const digits = (values: readonly number[]) =>
    values.map((value) => value.toString(16).padStart(2, "0")).join("");
  return [
    digits(bytes.map((byte, index) => byte & ~(masks[index] ?? 0) & 0xff)),
    digits(bytes.map((byte, index) => byte | (masks[index] ?? 0))),
  ];
}

function hostsOf({ processes }: Pick<ApplicationSettings, "processes">): (readonly [string, string])[] {
  return Object.values(processes).flatMap(({ host, aliases, healthPath }) =>
    host === undefined ? [] : [host, ...aliases].map((each) => [each, healthPath] as const),
  );
}
