import { setImmediate as turn } from "node:timers/promises";
import * as runtime from "@pulumi/pulumi/runtime";
import * as sdkState from "@pulumi/pulumi/runtime/state";
import { withoutSourceMaps } from "./traces";

/** The part of the SDK's own store that a session touches; the SDK leaves it out of its typings. */
interface Store {
  settings: { rpcDone: Promise<unknown>; engine: unknown };
  leakCandidates: Set<{ _debugCtx?: string }>;
}

const { withLocalStorage, getStore } = sdkState as unknown as {
  withLocalStorage<T>(work: () => T): T;
  getStore(): Store;
};

/** One life of the SDK in this process. */
export interface Session {
  readonly project: string;
  readonly stack: string;
  readonly preview: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
  readonly monitor: { readonly answered: number };
  readonly onLog: (severity: "info" | "warning" | "error", message: string, urn: string) => void;
  readonly program: () => Promise<Record<string, unknown> | undefined> | Promise<void>;
  /** Settles when the run is to stop at once. */
  readonly killed: Promise<void>;
  /** Milliseconds without any movement after which the program is given up. */
  readonly patience: number;
}

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/**
 * Runs a program as a Pulumi stack until all it asked for is done. The SDK keeps its settings, its
 * configuration and its features in a store of this session, so nothing of one session reaches the next.
 *
 * @returns what the program threw, each error once
 */
export async function session(s: Session): Promise<readonly unknown[]> {
  const errors = new Set<unknown>();
  const restore = catchRejections((error) => errors.add(error));
  try {
    await withoutSourceMaps(() =>
      withLocalStorage(async () => {
        const store = prepare(s);
        const finished = runtime.runInPulumiStack(s.program as () => Promise<unknown>).then(
          () => drained(store),
          (error: unknown) => {
            errors.add(error);
            return drained(store);
          },
        );
        const stuck = watch(s, store);
        const end = await Promise.race([finished, s.killed, stuck.promise]);
        stuck.stop();
        if (end instanceof Error) errors.add(end);
      }),
    );
    // Rejections are announced a turn after they happened.
    await turn();
  } finally {
    runtime.disconnectSync();
    globalThis.stackResource = undefined;
    restore();
  }
  return [...errors];
}

function prepare(s: Session): Store {
  runtime.setMockOptions(s.monitor, s.project, s.stack, s.preview, "organization");
  runtime.setAllConfig({ ...s.config }, [...s.secretKeys]);
  const store = getStore();
  store.settings.engine = engineFor(s);
  return store;
}

/** The SDK logs to the engine; what is logged for debugging is left out. */
function engineFor(s: Session): unknown {
  type Log = { getSeverity(): number; getMessage(): string; getUrn(): string };
  const done = (_req: unknown, answer: (error: unknown, response: unknown) => void) => answer(null, {});
  return {
    setRootResource: done,
    log(req: Log, answer: (error: unknown, response: unknown) => void) {
      const severity = SEVERITIES[req.getSeverity()] ?? "info";
      if (severity !== "debug") s.onLog(severity, req.getMessage(), req.getUrn());
      answer(null, {});
    },
  };
}

/** Waits until no request is under way and none follows from the last answers. */
async function drained(store: Store): Promise<undefined> {
  let last: unknown;
  while (last !== store.settings.rpcDone) {
    last = store.settings.rpcDone;
    await store.settings.rpcDone;
    await turn();
    await turn();
  }
  return undefined;
}

/** Notices a program that waits for itself: nothing would ever end it. */
function watch(s: Session, store: Store): { promise: Promise<Error>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<Error>((resolve) => {
    let before = s.monitor.answered;
    timer = setInterval(() => {
      if (s.monitor.answered === before) resolve(stuckError(s.patience, store));
      before = s.monitor.answered;
    }, s.patience);
  });
  return { promise, stop: () => clearInterval(timer) };
}

function stuckError(patience: number, store: Store): Error {
  const waiting = [...store.leakCandidates].map((p) => /^resource:(\S+)\[/.exec(p._debugCtx ?? "")?.[1]);
  const names = [...new Set(waiting.filter((name) => name !== undefined))];
  const whom = names.length > 0 ? `; still waiting: ${names.join(", ")}` : "";
  return new Error(`nothing moved for ${patience / 1000} s: two resources may wait for each other${whom}`);
}

/** A rejected output rejects half a dozen promises that nobody holds: they belong to this session and to nobody else. */
function catchRejections(onRejection: (error: unknown) => void): () => void {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", onRejection);
  return () => {
    process.off("unhandledRejection", onRejection);
    for (const listener of others) process.on("unhandledRejection", listener);
  };
}
