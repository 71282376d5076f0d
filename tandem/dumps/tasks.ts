import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { DRILL_SCHEMA } from "../../components/dumps-keys";
import { CommandError } from "../errors";
import { answerOf } from "../status/known";
import type { DumpCloud } from "./clouds";

/** Where one environment's dumps are made: what its stack's outputs say. */
export interface DumpPlace {
  readonly cloud: DumpCloud;
  /** outputs.dumps.door */
  readonly door: string;
  /** outputs.cluster */
  readonly cluster: string;
  /** outputs.backups.bucket */
  readonly bucket: string;
}

/** What every task answers with; each kind has more. */
export type Answer = { readonly ok: boolean; readonly problems: readonly string[] } & Readonly<
  Record<string, unknown>
>;

const answer = z.looseObject({ ok: z.boolean(), problems: z.array(z.string()) });

const door = z.union([
  z.object({ refused: z.string() }),
  z.object({ started: z.object({ task: z.string(), timeout: z.number(), logGroup: z.string() }) }),
]);

/** The container that speaks last, by kind. */
const LAST = { dump: "upload", restore: "report", anonymise: "upload", refresh: "report" } as const;

export type Asked = Readonly<Record<string, string>>;

export interface Patience {
  /** Names this press of the button: the same one starts once, and whoever says it again waits for that one. */
  readonly asked: string;
  /** Ends the waiting, not the task. @default nothing does */
  readonly interrupted?: AbortSignal;
  /** @default real time */
  readonly wait?: (seconds: number) => Promise<void>;
}

const EVERY = 10;

/** What a shell says of a program that was interrupted. */
const INTERRUPTED = 130;

/**
 * Starts a task of a database's dumps through the guard's door, waits for its end, and returns its answer.
 *
 * @throws CommandError with the door's words where it refuses; and where somebody interrupts the waiting
 */
export async function runDumpTask(
  { cloud, door: name, cluster }: DumpPlace,
  kind: keyof typeof LAST,
  database: string,
  inputs: Asked,
  { asked, interrupted, wait = until(interrupted) }: Patience,
): Promise<Answer> {
  const job = `${kind}--${database}`;
  const isInterrupted = () => interrupted?.aborted === true;
  if (isInterrupted())
    throw new CommandError(
      `Interrupted before ${job} was started. The same command with --asked ${asked} goes on from here.`,
      INTERRUPTED,
    );
  const said = door.parse(await answerOf(() => cloud.ask(name, { do: "job", job, inputs, asked })));
  if ("refused" in said) throw new CommandError(`${said.refused}${again(said.refused)}`);
  const { task, timeout, logGroup } = said.started;
  const stream = `${LAST[kind]}/${LAST[kind]}/${task}`;
  // Beyond its time-out by what the guard and ECS take to end it.
  for (let waited = 0; waited < timeout + 600; waited += EVERY) {
    await wait(EVERY);
    if (isInterrupted()) throw interruptedAt(task, asked);
    if (await answerOf(() => cloud.ended(cluster, task))) {
      // The log may be a little behind the task.
      await wait(EVERY);
      return answerIn(await answerOf(() => cloud.lines(logGroup, stream))) ?? unsaid(task, logGroup);
    }
  }
  return unsaid(task, logGroup);
}

/** How to wait for the one that runs already. */
function again(refusal: string): string {
  const [, asked] = /^Job \S+ runs already \(task [^,]+, [^/)]+\/([A-Za-z0-9-]+)\)/.exec(refusal) ?? [];
  return asked === undefined ? "" : ` To wait for it: the same command with --asked ${asked}.`;
}

const until = (signal: AbortSignal | undefined) => async (seconds: number) => {
  await pause(seconds * 1000, undefined, signal === undefined ? {} : { signal }).catch(() => {});
};

const interruptedAt = (task: string, asked: string) =>
  new CommandError(
    `You no longer wait for task ${task}: it goes on by itself, and does all of it or nothing that counts. ` +
      `The same command with --asked ${asked} waits for it again and says how it ended.`,
    INTERRUPTED,
  );

function answerIn(lines: readonly string[]): Answer | undefined {
  const line = lines.findLast((each) => each.startsWith("tandem-answer "));
  if (line === undefined) return undefined;
  try {
    return answer.safeParse(JSON.parse(line.slice("tandem-answer ".length))).data;
  } catch {
    return undefined;
  }
}

const unsaid = (task: string, group: string): Answer => ({
  ok: false,
  problems: [`Task ${task} ended without an answer: read ${group}.`],
});

/** A dump now. */
export const backUp = (place: DumpPlace, database: string, patience: Patience) =>
  runDumpTask(place, "dump", database, {}, patience);

export interface RestoreWish {
  /** `latest`, or a dump by its name. */
  readonly backup: string;
  /** @default the schema's name and the dump's time */
  readonly into?: string | undefined;
  /** Another environment's dumps are refused without it. */
  readonly fromEnvironment?: string | undefined;
  /** Seconds; an older one is refused. @default any age */
  readonly maxAge?: number | undefined;
}

/** Into a new schema beside what stands. */
export const restore = (place: DumpPlace, database: string, wish: RestoreWish, patience: Patience) =>
  runDumpTask(place, "restore", database, inputsOf(wish), patience);

/** Another one than the clock's: both may be at it at once. */
const BY_HAND = `${DRILL_SCHEMA}_by_hand`;

/** A dump into a throw-away schema: `seconds` is how long it took (RTO), `age` how old it was (RPO). */
export const drill = (place: DumpPlace, database: string, wish: RestoreWish, patience: Patience) =>
  runDumpTask(
    place,
    "restore",
    database,
    { ...inputsOf({ ...wish, into: BY_HAND }), THROW_AWAY: "yes" },
    patience,
  );

function inputsOf({ backup, into, fromEnvironment, maxAge }: RestoreWish): Asked {
  return {
    BACKUP: backup,
    ...(into === undefined ? {} : { INTO: into }),
    ...(fromEnvironment === undefined ? {} : { FROM_ENVIRONMENT: fromEnvironment }),
    ...(maxAge === undefined ? {} : { MAX_AGE: String(maxAge) }),
  };
}

/**
 * `--refresh-sandbox`: production makes an anonymised dump, this machine carries that and nothing else from its
 * bucket into the sandbox's, and the sandbox changes over. Neither account trusts the other for it.
 */
export async function refreshSandbox(
  production: DumpPlace,
  sandbox: DumpPlace,
  database: string,
  { backup }: Pick<RestoreWish, "backup">,
  patience: Patience,
): Promise<Answer> {
  const made = await runDumpTask(production, "anonymise", database, { BACKUP: backup }, patience);
  if (!made.ok) return made;
  const at = String(made.anonymised);
  const there = await answerOf(() => sandbox.cloud.keys(sandbox.bucket, at));
  // The manifest last: what was interrupted is no dump, and what arrived is not sent twice.
  for (const key of [`${at}/dump.sql.gz`, `${at}/manifest.json`])
    if (!there.includes(key))
      await answerOf(() => production.cloud.hand(production.bucket, key, sandbox.cloud, sandbox.bucket));
  return runDumpTask(sandbox, "refresh", database, { BACKUP: at, FROM_ENVIRONMENT: "prod" }, patience);
}
