import type { Passport } from "../components/passport";
import { type Mistake, shown } from "../config/mistakes";
import type { ProgramIdentity } from "../config/program";
import type { Settings } from "../config/settings";

/** A passport that production is about to take, and what it has to stand up to. */
export interface Candidate {
  readonly passport: Passport;
  /** Production's own settings. */
  readonly settings: Settings;
  /** The program that is about to declare production. */
  readonly program: ProgramIdentity;
  /** The present instant, ISO 8601. */
  readonly now: string;
  /** Whether it is one of production's own that it goes back to. */
  readonly pinned: boolean;
  /** Whether production runs this very release already. */
  readonly running: boolean;
}

/** Where the passport's own shortcomings are said to stand. */
const PASSPORT = "the sandbox's passport";

/**
 * Everything about a passport that keeps production from taking it; what its registries hold is asked elsewhere.
 *
 * A passport that production took before was verified then, and stays right however old it grows: in an incident
 * nobody can wait for the sandbox to prove the former release once more. That holds as well for the release that
 * production runs, which an `up` that changes nothing but configuration does not promote. Going back sets aside the
 * program and the front end too: both are as they were when that release was taken.
 */
export function refusals(candidate: Candidate): readonly Mistake[] {
  const { pinned, running } = candidate;
  return [
    ...(pinned || running ? [] : [...unverified(candidate), ...tooOld(candidate)]),
    ...lacks(candidate.passport, candidate.settings),
    ...(pinned ? [] : [...otherProgram(candidate), ...baked(candidate)]),
  ];
}

/** A sandbox that is switched off proves nothing: there is no verification then. */
function unverified({ passport, settings }: Candidate): readonly Mistake[] {
  if (passport.verification !== undefined || Object.keys(passport.release).length === 0) return [];
  return [
    {
      file: PASSPORT,
      path: "verification",
      found: "none: nobody has looked at this release while it ran",
      allowed: `a release that the sandbox ran and verified within ${span(settings.promotion.maxAge)}`,
      remedy: "let the sandbox run (enabled: true), then npx tandem verify, then this again",
    },
  ];
}

function tooOld({ passport: { verification }, settings, now }: Candidate): readonly Mistake[] {
  if (verification === undefined) return [];
  const age = (Date.parse(now) - Date.parse(verification.at)) / 1000;
  const limit = settings.promotion.maxAge;
  if (age <= limit) return [];
  return [
    {
      file: PASSPORT,
      path: "verification.at",
      found: `${verification.at}, ${span(age)} ago`,
      allowed: `a verification that is at most ${span(limit)} old (promotion.maxAge)`,
      remedy: "npx tandem verify, which looks at the sandbox once more, then this again",
    },
  ];
}

/** What the sandbox proved with and production would run without. */
export function lacks(
  { configuration }: Pick<Passport, "configuration">,
  settings: Settings,
): readonly Mistake[] {
  return Object.entries(configuration).flatMap(([application, names]) => {
    const own = settings.applications[application];
    const path = `applications.${application}`;
    if (own === undefined) return [lack(settings, path, "the application that the sandbox runs")];
    return names
      .filter((name) => !(name in own.variables) && !(name in own.secrets))
      .map((name) =>
        lack(settings, `${path}.variables.${name}`, `${name}, which the sandbox's ${application} receives`),
      );
  });
}

function lack({ environment }: Settings, path: string, what: string): Mistake {
  return {
    file: `Pulumi.${environment}.yaml`,
    path,
    allowed: what,
    remedy: "add it as a variable or secret here or to the shared part, or remove it from the sandbox",
  };
}

/** The same release declared by another program is another environment than the one that was proved. */
function otherProgram({ passport: { program: proved }, program }: Candidate): readonly Mistake[] {
  if (proved.files === program.files) return [];
  const back = proved.commit === undefined ? "" : `, or check out ${proved.commit} here`;
  return [
    {
      file: PASSPORT,
      path: "program",
      found: named(proved),
      allowed: `${named(program)}, which is about to declare production`,
      remedy: `pulumi up --stack sandbox with this program first${back}`,
    },
  ];
}

const named = ({ files, commit }: Passport["program"]) =>
  commit === undefined ? `program ${files}` : `program ${files} at commit ${commit.slice(0, 12)}`;

/** Production would show the sandbox's values to its users. */
function baked({ passport: { verification } }: Candidate): readonly Mistake[] {
  return (verification?.baked ?? []).map(({ application, file, carries }) => ({
    file: PASSPORT,
    path: `verification.baked.${application}`,
    found: `${file} carries the sandbox's ${carries.join(", ")}`,
    allowed: "scripts and styles that learn an environment's values when they run",
    remedy:
      "build them without these values; where the application makes the file while it runs, " +
      `say so in applications.${application}.runtimeScripts`,
  }));
}

/** There is nothing to go back to under this id. */
export function unknownPin({ environment, passport = "" }: Settings, kept: readonly Passport[]): Mistake {
  return {
    file: `Pulumi.${environment}.yaml`,
    path: "passport",
    found: shown(passport),
    allowed: kept.length === 0 ? "nothing: no passport was kept yet" : `one of ${kept.map(told).join(", ")}`,
    remedy: "npx tandem promote --back, or remove the key to take what the sandbox proved",
  };
}

const told = ({ id, verification }: Passport) =>
  verification === undefined ? id : `${id} (verified ${verification.at.slice(0, 10)})`;

const UNITS = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
] as const;

/** A length of time in its two largest units: `9 days and 3 hours`. */
export function span(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const parts: string[] = [];
  for (const [length, unit] of UNITS) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
  }
  return parts.length === 0 ? "less than a minute" : parts.slice(0, 2).join(" and ");
}
