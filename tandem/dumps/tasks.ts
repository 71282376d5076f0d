import { z } from "zod";
import { CommandError } from "../errors";
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

interface Patience {
  /** Names this press of the button: the same one starts once. */
  readonly asked: string;
  /** @default real time */
  readonly wait?: (seconds: number) => Promise<void>;
}

const sleep = (seconds: number) => new Promise<void>((done) => setTimeout(done, seconds * 1000));
const EVERY = 10;

/** Starts a task of a database's dumps through the guard's door, waits for its end, and returns its answer. */
export async function runDumpTask(
  { cloud, door: name, cluster }: DumpPlace,
  kind: keyof typeof LAST,
  database: string,
  inputs: Asked,
  { asked, wait = sleep }: Patience,
): Promise<Answer> {
  const said = door.parse(await cloud.ask(name, { do: "job", job: `${kind}--${database}`, inputs, asked }));
  if ("refused" in said) throw new CommandError(said.refused);
  const { task, timeout, logGroup } = said.started;
  const stream = `${LAST[kind]}/${LAST[kind]}/${task}`;
  // Beyond its time-out by what the guard and ECS take to end it.
  for (let waited = 0; waited < timeout + 600; waited += EVERY) {
    if (await cloud.ended(cluster, task)) {
      // The log may be a little behind the task.
      await wait(EVERY);
      return answerOf(await cloud.lines(logGroup, stream)) ?? unsaid(task, logGroup);
    }
    await wait(EVERY);
  }
  return unsaid(task, logGroup);
}

function answerOf(lines: readonly string[]): Answer | undefined {
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

/** The newest dump into a throw-away schema: `seconds` is how long it took (RTO), `age` how old it was (RPO). */
export const drill = (place: DumpPlace, database: string, wish: RestoreWish, patience: Patience) =>
  runDumpTask(place, "restore", database, { ...inputsOf(wish), THROW_AWAY: "yes" }, patience);

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
  const there = await sandbox.cloud.keys(sandbox.bucket, at);
  // The manifest last: what was interrupted is no dump, and what arrived is not sent twice.
  for (const key of [`${at}/dump.sql.gz`, `${at}/manifest.json`])
    if (!there.includes(key))
      await production.cloud.hand(production.bucket, key, sandbox.cloud, sandbox.bucket);
  return runDumpTask(sandbox, "refresh", database, { BACKUP: at, FROM_ENVIRONMENT: "prod" }, patience);
}
