import pc from "picocolors";
import type { Passport } from "../components/passport";
import { instant } from "./status/time-words";

/** What changes from one passport to another, a line each. Digests, commits and instants: nothing in it is secret. */
export function difference(wanted: Passport, running: Passport | undefined): string {
  const rows = [
    ...changed(wanted.release, running?.release).map(([application, from, to]) => [
      application,
      arrow(brief(from), brief(to)),
    ]),
    ["program", arrow(commitOf(running), commitOf(wanted))],
    ["verified", verified(wanted)],
    ...changed(wanted.migrations, running?.migrations).map(([application, from, to]) => [
      "migrations",
      `${application}: ${arrow(from ?? "none", to ?? "none")}`,
    ]),
  ] as [string, string][];
  const width = Math.max(...rows.map(([title]) => title.length));
  return rows.map(([title, text]) => `  ${title.padEnd(width)}  ${text}`).join("\n");
}

type Row = readonly [key: string, from: string | undefined, to: string | undefined];

function changed(to: Readonly<Record<string, string>>, from: Readonly<Record<string, string>> = {}): Row[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .sort()
    .map((key) => [key, from[key], to[key]]);
}

const arrow = (from: string, to: string) =>
  from === to ? `${to} ${pc.dim("(as it is)")}` : `${from} -> ${to}`;

const brief = (digest: string | undefined) => digest?.slice(0, "sha256:".length + 12) ?? "not released";

function commitOf(passport: Passport | undefined): string {
  if (passport === undefined) return "none";
  const { commit, files } = passport.program;
  return commit === undefined ? files : `${files} at commit ${commit.slice(0, 12)}`;
}

/** When and where the public saw it work. */
export function verified({ verification }: Passport): string {
  if (verification === undefined) return "never";
  const { at, urls } = verification;
  return [instant(at), ...(urls.length === 0 ? [] : [`by ${urls.join(", ")}`])].join(" ");
}

/** The passports that production can go back to, a line each. */
export function listed(kept: readonly Passport[]): string {
  return kept
    .map((passport, index) =>
      [
        `  ${passport.id}`,
        ...Object.entries(passport.release).map(([application, digest]) => `${application} ${brief(digest)}`),
        `verified ${passport.verification === undefined ? "never" : instant(passport.verification.at)}`,
        ...(index === 0 ? ["(runs now)"] : []),
      ].join("  "),
    )
    .join("\n");
}

/** What runs, in one line. */
export const released = ({ release }: Passport): string =>
  Object.entries(release)
    .map(([application, digest]) => `${application} ${brief(digest)}`)
    .join(", ") || "no application yet";
