import { type Checkable, mistakeAt } from "../checkable";
import { FARGATE_MEMORY } from "../fargate";
import { type Mistake, shown } from "../mistakes";

/** What dumps run on, and what becomes of whose data. */
export function backupMistakes(checkable: Checkable): Mistake[] {
  return [memory, images, anonymised].flatMap((check) => check(checkable));
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
