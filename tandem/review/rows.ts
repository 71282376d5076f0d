import type { EnvironmentName } from "../../config/settings";
import type { Step } from "../../rehearsal/run-types";
import { told } from "../way";
import { plain } from "./markdown";
import { componentOf, type Planned, type Seen } from "./planned";
import { alarms, isSecurity } from "./security";
import { differences } from "./values";

/** One change, in one environment or in both. */
export interface Row {
  readonly component: string;
  /** Type and name, in Markdown. */
  readonly title: string;
  readonly security: boolean;
  /** What is done to it, in Markdown; absent where that environment keeps it as it is. */
  readonly cells: Readonly<Partial<Record<EnvironmentName, Cell>>>;
}

export interface Cell {
  readonly op: Step["op"];
  readonly text: string;
}

/** The changes of both environments, a row for each resource, in the order of components and names. */
export function rows(plans: readonly Planned[]): readonly Row[] {
  const found = new Map<string, { row: Omit<Row, "cells">; cells: Partial<Record<EnvironmentName, Cell>> }>();
  for (const { stack, steps, before, after } of plans) {
    const [old, next] = [byUrn(before), byUrn(after)];
    for (const step of told(steps)) {
      // The environment's own part of the URN is left out, so that both meet in one row.
      const key = step.urn.split("::").slice(2).join("::");
      const known = found.get(key);
      const security = isSecurity(step) || known?.row.security === true;
      const title = `${plain(step.type.split(":").at(-1) ?? "")} ${plain(step.name, 80)}`;
      const cell = cellOf(step, old.get(step.urn)?.inputs, next.get(step.urn)?.inputs);
      const row = { component: plain(componentOf(step.urn), 60), title, security };
      found.set(key, { row, cells: { ...known?.cells, [stack]: cell } });
    }
  }
  const all = [...found.values()].map(({ row, cells }) => ({ ...row, cells }));
  return all.sort((a, b) => compare(a.component, b.component) || compare(a.title, b.title));
}

const byUrn = (seen: readonly Seen[]) => new Map(seen.map((one) => [one.urn, one]));

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** More would hide the rest of the table. */
const MOST_PIECES = 8;

function cellOf(step: Step, before: Seen["inputs"] | undefined, after: Seen["inputs"] | undefined): Cell {
  const pieces = differences(step, before, after);
  const more = pieces.length - MOST_PIECES;
  const warned = alarms(step, before ?? {}, after ?? {}).map((words) => `**${words}**`);
  const said = [...warned, ...pieces.slice(0, MOST_PIECES), ...(more > 0 ? [`and ${more} more`] : [])];
  const op = /replace|delete/.test(step.op) ? `**${step.op}**` : step.op;
  return { op: step.op, text: `${op}${said.length === 0 ? "" : `: ${said.join("; ")}`}` };
}
