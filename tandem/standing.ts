import pc from "picocolors";
import { ENVIRONMENTS, type EnvironmentName } from "../config/settings";
import { isResource, type Outcome } from "./way";

type Outputs = Readonly<Record<string, unknown>>;

/** The rows of the table: a title, and what an environment's outputs say to it, a line each. */
const ROWS: readonly (readonly [string, (outputs: Outputs) => readonly string[]])[] = [
  ["hosts", ({ urls }) => Object.values(group(urls)).map(String)],
  [
    "databases",
    ({ databases }) => Object.values(group(databases)).map((database) => address(group(database))),
  ],
  ["buckets", ({ buckets }) => Object.values(group(buckets)).map(String)],
  ["backups", ({ backups }) => Object.values(group(backups)).map(String)],
  ["schedules", ({ schedules }) => Object.keys(group(schedules))],
  ["jobs", ({ jobs }) => Object.keys(group(jobs))],
  ["workflows", ({ workflows }) => list(workflows)],
  [
    "release",
    ({ passport }) =>
      Object.entries(group(group(passport).release)).map(([app, digest]) => `${app} ${brief(digest)}`),
  ],
];

/** What stands, the two environments side by side. */
export function standing(outcomes: Readonly<Record<EnvironmentName, Outcome>>): string {
  const cells = ROWS.map(([title, read]) => ({
    title,
    columns: ENVIRONMENTS.map((environment) => read(outcomes[environment].outputs)),
  })).filter(({ columns }) => columns.some((lines) => lines.length > 0));
  cells.push({
    title: "resources",
    columns: ENVIRONMENTS.map((environment) => [resources(outcomes[environment])]),
  });
  const width = Math.max(
    10,
    ...cells.flatMap(({ columns }) => (columns[0] ?? []).map((line) => line.length)),
  );
  const head = `${pc.bold("What stands".padEnd(13))}${pc.bold("sandbox".padEnd(width + 2))}${pc.bold("production")}`;
  return [head, ...cells.flatMap(({ title, columns }) => lines(title, columns, width))].join("\n");
}

function lines(
  title: string,
  [left = [], right = []]: readonly (readonly string[])[],
  width: number,
): string[] {
  const height = Math.max(left.length, right.length);
  return Array.from({ length: height }, (_, index) =>
    `  ${(index === 0 ? title : "").padEnd(11)}${(left[index] ?? "").padEnd(width + 2)}${right[index] ?? ""}`.trimEnd(),
  );
}

function resources({ steps }: Outcome): string {
  const here = steps.filter((step) => isResource(step) && !step.op.startsWith("delete"));
  return `${here.length} of ${new Set(here.map(({ type }) => type)).size} types`;
}

/** The host's first part says which database it is; the rest is AWS's and long. */
const address = ({ host, port, schema, user }: Outputs) =>
  `${schema} at ${String(host).split(".")[0]}:${port}, user ${user}`;

const brief = (digest: unknown) => String(digest).slice(0, "sha256:".length + 12);

const group = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
