import { counted as countedSteps, told } from "../way";
import { type Cost, PRICED } from "./cost";
import { plain, table } from "./markdown";
import { NAMES, type Planned } from "./planned";

/** What changes and what it costs a month, both environments side by side. */
export function overview(plans: readonly Planned[], costs: readonly Cost[]): string {
  const said = plans.map(({ steps, failures }) => {
    const all = told(steps);
    return `${all.length === 0 ? "nothing" : countedSteps(all, false)}${failures.length > 0 ? ", then it fails" : ""}`;
  });
  return table(
    ["", ...plans.map(({ stack }) => NAMES[stack])],
    [
      ["changes", ...said],
      ["a month, about", ...costs.map((cost, index) => month(cost, plans[index]))],
    ],
  );
}

/** What a plan that fails would cost nobody knows. */
function month({ before, after, open }: Cost, plan: Planned | undefined): string {
  if (plan !== undefined && plan.failures.length > 0) return "not known, since its preview fails";
  const delta = Math.round((after - before) * 100) / 100;
  const sign = delta > 0 ? "+" : "−";
  const change = `${before.toFixed(2)} → ${after.toFixed(2)} (**${sign}${Math.abs(delta).toFixed(2)}**)`;
  const partial = delta === 0 ? "as before" : `**${sign}${Math.abs(delta).toFixed(2)}**`;
  const whole = delta === 0 ? `${after.toFixed(2)}, as before` : change;
  const sum = plan?.partial ? partial : whole;
  return open.length === 0 ? sum : `${sum}, and price unknown: ${list(open, 4)}`;
}

/** What the costs rest on, and what they leave out. */
export function basis(costs: readonly Cost[]): string {
  const of = (read: (cost: Cost) => readonly string[]) => [...new Set(costs.flatMap(read))].sort();
  const [unknown, byUse] = [of((cost) => cost.unknown), of((cost) => cost.byUse)];
  return [
    `Costs are in ${PRICED}.`,
    ...(unknown.length === 0 ? [] : [`Price unknown, so not in the sums: ${list(unknown, 12)}.`]),
    ...(byUse.length === 0 ? [] : [`Paid by use, so not in the sums: ${list(byUse, 20)}.`]),
  ].join("\n");
}

function list(texts: readonly string[], most: number): string {
  const more = texts.length - most;
  return [...texts.slice(0, most).map((text) => plain(text, 60)), ...(more > 0 ? [`${more} more`] : [])].join(
    ", ",
  );
}
