import { type Checkable, mistakeAt } from "../checkable";
import { FARGATE_MEMORY } from "../fargate";
import { type Mistake, shown } from "../mistakes";

/** What dumps run on, and what becomes of whose data. */
export function backupMistakes(checkable: Checkable): Mistake[] {
  return [memory, images, anonymised, tooMany].flatMap((check) => check(checkable));
}

function memory(checkable: Checkable): Mistake[] {
  const { cpu, memory } = checkable.settings.backups.dumps;
  const allowed = FARGATE_MEMORY[cpu] ?? [];
  if (allowed.includes(memory)) return [];
  return [
    mistakeAt(checkable, ["backups", "dumps", "memory"], {
      found: shown(memory),
      allowed: `with cpu ${cpu}: ${allowed.join(", ")} MiB`,
      remedy: "choose one of these, or another cpu",
    }),
  ];
}

/** A whole version, or a digest: what restores must not change between two nights. */
const PINNED = /(:v?\d+\.\d+\.\d+[A-Za-z0-9._-]*|@sha256:[0-9a-f]{64})$/;

function images(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.backups.dumps.images)
    .filter(([, image]) => !PINNED.test(image))
    .map(([key, image]) =>
      mistakeAt(checkable, ["backups", "dumps", "images", key], {
        found: shown(image),
        allowed: "an image by its full version or digest, such as mysql:8.4.7",
        remedy: "name the version: what restores a backup must not change by itself",
      }),
    );
}

function anonymised(checkable: Checkable): Mistake[] {
  const { backups, databases } = checkable.settings;
  const known = Object.keys(databases);
  return Object.keys(backups.anonymise)
    .filter((key) => !known.includes(key))
    .map((key) =>
      mistakeAt(checkable, ["backups", "anonymise", key], {
        found: shown(key),
        allowed:
          known.length > 0 ? `one of the databases: ${known.join(", ")}` : "a database, and there is none",
        remedy: "name the database by its key, or declare it under databases",
      }),
    );
}

/** Bytes of rules that fit into a task definition of 64 KiB beside the scripts that carry them out. */
const ROOM = 20_000;

function tooMany(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.backups.anonymise)
    .map(([key, tables]) => ({ key, bytes: sizeOf(tables) }))
    .filter(({ bytes }) => bytes > ROOM)
    .map(({ key, bytes }) =>
      mistakeAt(checkable, ["backups", "anonymise", key], {
        found: `rules of ${bytes} bytes`,
        allowed: `${ROOM} bytes, about 1,200 columns: they travel in a task definition, which takes 64 KiB`,
        remedy: "empty or drop whole tables that the sandbox can do without: such a rule is one word",
      }),
    );
}

/** As much as the task is given: each name once, a table's once for each of its actions. */
function sizeOf(tables: Checkable["settings"]["backups"]["anonymise"][string]): number {
  const SEPARATOR = 2;
  return Object.entries(tables).reduce((sum, [table, columns]) => {
    const name = Buffer.byteLength(table) + "value".length + 2 * SEPARATOR;
    if (typeof columns === "string") return sum + name;
    const rules = Object.entries(columns).map(
      ([column, { value = "" }]) => Buffer.byteLength(column) + 2 * Buffer.byteLength(value) + SEPARATOR,
    );
    const actions = new Set(Object.values(columns).map(({ action }) => action)).size;
    return sum + actions * name + rules.reduce((one, other) => one + other, 0);
  }, 0);
}
