import pc from "picocolors";
import { DIFFERENCES } from "../../stacks/differences";
import { declared } from "../declared";
import { CommandError, EXIT } from "../errors";
import { compare, type Difference, type Verdict } from "../parity";
import { openProject } from "../project";

/** Prints what differs between the two environments and why; fails on what the table does not know. */
export async function parity({ example, json }: { example?: string; json?: boolean }): Promise<void> {
  const project = openProject(example);
  const { sandbox, prod } = await declared(project);
  const verdict = compare(sandbox.neutral, prod.neutral, DIFFERENCES);
  console.log(json ? JSON.stringify(verdict, null, 2) : words(project.name, verdict));
  if (verdict.refused.length > 0)
    throw new CommandError(
      `${counted(verdict.refused.length, "difference")} that stacks/differences.ts does not allow.`,
      EXIT.differs,
    );
}

function words(name: string, { allowed, refused }: Verdict): string {
  const reasons = [...new Set(allowed.map(({ because }) => because))];
  const groups = reasons.map((because) => {
    const rows = allowed.filter((difference) => difference.because === because);
    return `${pc.bold(because)}\n${summary(rows).join("\n")}`;
  });
  const faults = refused.map(
    (d) =>
      `  ${pc.red("not allowed")}  ${line(d)}${d.expired ? ` (its reason expired on ${d.expired})` : ""}`,
  );
  return [
    `${name}: sandbox and production differ in ${counted(allowed.length + refused.length, "property", "properties")}, ` +
      `for ${counted(reasons.length, "reason")} (sandbox | production).`,
    ...groups,
    ...faults,
  ].join("\n\n");
}

const MOST = 4;

/** The first few of many alike: the JSON has them all. */
function summary(rows: readonly Difference[]): string[] {
  const more = rows.length - MOST;
  return [
    ...rows.slice(0, MOST).map((row) => `  ${line(row)}`),
    ...(more > 0 ? [`  ${pc.dim(`and ${more} more (--json lists them)`)}`] : []),
  ];
}

function line({ type, name, property, sandbox, prod }: Difference): string {
  const kind = type.split(":").at(-1);
  if (property === "exists") return `${kind} ${name}: in ${sandbox ? "the sandbox" : "production"} only`;
  return `${kind} ${name} ${property}: ${short(sandbox)} | ${short(prod)}`;
}

function short(value: unknown): string {
  const text = value === undefined ? "not set" : (JSON.stringify(value) ?? String(value));
  return text.length <= 48 ? text : `${text.slice(0, 47)}…`;
}

const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
