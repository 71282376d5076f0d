import { deleteLeftovers, refreshAll, spareProtected } from "./cleanup";
import { factsOf, knows } from "./facts";
import { Journal } from "./journal";
import { Ledger } from "./ledger";
import { Monitor } from "./monitor";
import type { Knowledge, RunOptions, RunResult } from "./run-types";
import { session } from "./sdk";
import { plain } from "./serialize";
import { emptyStack, type StackState } from "./stack-state";
import { Steps } from "./steps";
import { Workshop } from "./workshop";

const PATIENCE = 30_000;

/** What the facts files say. */
export const FACTS: Knowledge = {
  secret: (type) =>
    (knows(type) ? (factsOf(type).secret ?? []) : []).map((path) => path.split(".")[0] ?? path),
  properties(type) {
    if (!knows(type)) return [];
    const { required, optional, outputs } = factsOf(type);
    return [...required, ...optional, ...outputs];
  },
};

/** The SDK and the process have one place for rejections, so runs wait for each other. */
let last: Promise<unknown> = Promise.resolve();

/**
 * Takes a stack from its old state to what its program declares, in this process and on simulated clouds.
 * What fails is in the result; nothing is thrown because of what a program does.
 */
export function run(o: RunOptions): Promise<RunResult> {
  const mine = last.then(() => perform(o));
  last = mine.catch(() => undefined);
  return mine;
}

async function perform(o: RunOptions): Promise<RunResult> {
  const old = o.state ?? emptyStack();
  const ledger = new Ledger(old);
  const shop = new Workshop({
    cloud: o.operation === "preview" ? o.cloud.copy() : o.cloud,
    account: o.account,
    where: { project: o.project, stack: o.stack },
    ledger,
    knowledge: o.knowledge ?? FACTS,
    journal: new Journal(o.onStep ?? (() => undefined)),
    guard: o.guard ?? (() => []),
    lenient: o.operation === "preview",
  });
  for (const key of o.secretKeys) shop.journal.secrets.add(o.config[key]);
  const diagnostics = (old.interrupted ?? []).map(lostSight);
  const outputs = await operate(o, old, shop, diagnostics);
  const { steps, failures, interrupted, killed } = shop.journal;
  const state = ledger.snapshot({ outputs: outputs.values, secretOutputs: outputs.secrets }, interrupted);
  return {
    steps,
    state,
    outputs: outputs.values,
    secretOutputs: outputs.secrets,
    failures,
    diagnostics,
    killed,
  };
}

interface Outputs {
  readonly values: StackState["outputs"];
  readonly secrets: readonly string[];
}

async function operate(
  o: RunOptions,
  old: StackState,
  shop: Workshop,
  diagnostics: string[],
): Promise<Outputs> {
  const before = { values: old.outputs, secrets: old.secretOutputs };
  if (o.operation === "refresh") {
    attempt(shop, () => refreshAll(shop));
    return before;
  }
  if (o.operation === "destroy") {
    if (o.excludeProtected) spareProtected(shop);
    attempt(shop, () => deleteLeftovers(shop));
    return shop.journal.failures.length > 0 ? before : { values: {}, secrets: [] };
  }
  const outputs = await declare(o, shop, diagnostics);
  if (shop.journal.failures.length > 0) return before;
  attempt(shop, () => deleteLeftovers(shop));
  return outputs ?? { values: {}, secrets: [] };
}

/** Runs the program against the clouds. */
async function declare(o: RunOptions, shop: Workshop, diagnostics: string[]): Promise<Outputs | undefined> {
  let kill = () => {};
  const killed = new Promise<void>((resolve) => {
    kill = resolve;
  });
  const monitor = new Monitor({
    steps: new Steps(shop, o.replace),
    otherStacks: o.otherStacks ?? (() => undefined),
    unset: (type) => (o.operation === "preview" ? shop.o.knowledge.properties(type) : []),
    onKill: kill,
  });
  const errors = await session({
    ...o,
    preview: o.operation === "preview",
    monitor,
    killed,
    patience: o.patience ?? PATIENCE,
    onLog: (severity, message, urn) => {
      diagnostics.push(shop.journal.secrets.redact(`${severity}: ${message}`));
      if (severity === "error") shop.journal.fail(message, urn === "" ? undefined : urn);
    },
  });
  // A killed program leaves errors behind that say no more than that.
  if (shop.journal.killed) return undefined;
  for (const error of errors) {
    const message = error instanceof Error ? error.message : String(error);
    if (!monitor.refused.some((known) => message.includes(known))) shop.journal.fail(error);
  }
  return monitor.outputs && plain(monitor.outputs);
}

/** A kill has been written down where it happened. */
function attempt(shop: Workshop, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!shop.journal.killed) throw error;
  }
}

function lostSight(i: { op: string; urn: string }): string {
  return `warning: the run before was killed in the middle of "${i.op}" of ${i.urn}: an object may exist that the state does not know`;
}
