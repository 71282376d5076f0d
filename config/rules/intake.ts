import { type Checkable, mistakeAt } from "../checkable";
import { type Mistake, shown } from "../mistakes";

/** What arrives has a bucket that is there, a folder of its own, and a check that can be started with it. */
export function intakeMistakes(checkable: Checkable): Mistake[] {
  return [buckets, folders, checks].flatMap((check) => check(checkable));
}

function buckets(checkable: Checkable): Mistake[] {
  const { intake, buckets } = checkable.settings;
  const known = Object.keys(buckets);
  return Object.entries(intake)
    .filter(([, { bucket }]) => !known.includes(bucket))
    .map(([key, { bucket }]) =>
      mistakeAt(checkable, ["intake", key, "bucket"], {
        found: shown(bucket),
        allowed: known.length > 0 ? `one of the buckets: ${known.join(", ")}` : "a bucket, and there is none",
        remedy: "name the bucket by its key, or declare it under buckets",
      }),
    );
}

/** An object below two folders would be told twice. */
function folders(checkable: Checkable): Mistake[] {
  const all = Object.entries(checkable.settings.intake);
  return all.flatMap(([key, { bucket, prefix }], index) =>
    all
      .slice(0, index)
      .filter(([, other]) => other.bucket === bucket && within(prefix, other.prefix))
      .map(([other, { prefix: others }]) =>
        mistakeAt(checkable, ["intake", key, "prefix"], {
          found: `${shown(prefix)}, and intake.${other} has ${shown(others)}`,
          allowed: "folders of one bucket of which none lies in another",
          remedy: "give one of them a folder of its own",
        }),
      ),
  );
}

const within = (one: string, other: string) => one.startsWith(other) || other.startsWith(one);

function checks(checkable: Checkable): Mistake[] {
  const { intake, jobs } = checkable.settings;
  return Object.entries(intake).flatMap(([key, { check }]) => {
    if (check === undefined) return [];
    const inputs = jobs[check]?.inputs;
    const needed = Object.entries(inputs ?? {}).filter(
      ([name, input]) => name !== "OBJECT" && input.default === undefined,
    );
    if (inputs?.OBJECT !== undefined && needed.length === 0) return [];
    return [
      mistakeAt(checkable, ["intake", key, "check"], {
        found:
          inputs === undefined
            ? shown(check)
            : needed.length > 0
              ? `a job that also asks for ${needed.map(([name]) => name).join(", ")}`
              : "a job without the input OBJECT",
        allowed: "a job with the input OBJECT, and no other without a default",
        remedy: "declare such a job under jobs: it is started with the name of what came",
      }),
    ];
  });
}
