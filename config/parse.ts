import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { frame, secretsGiven } from "./frame";
import { at, isPlain, layer } from "./layers";
import { ConfigurationError, type Mistake } from "./mistakes";
import { crossChecks } from "./rules";
import { settings as schema } from "./schema";
import { ENVIRONMENTS, type EnvironmentName, type RawConfiguration, type Settings } from "./settings";
import { translate } from "./translate";

/**
 * Configuration to settings, without touching anything.
 *
 * @throws ConfigurationError with every mistake at once: path, value, what is allowed, remedy.
 */
export function parse(raw: RawConfiguration): Settings {
  const files = { shared: "Pulumi.yaml", own: `Pulumi.${raw.stack}.yaml` };
  if (!ENVIRONMENTS.includes(raw.stack as EnvironmentName))
    throw new ConfigurationError(raw.stack, [unknownStack(raw.stack)]);

  const { outer, mistakes } = frame(raw, files);
  const merged = layer(outer.shared, outer.differences);
  const fileOf = (path: readonly PropertyKey[]) =>
    at(outer.differences, path) === undefined ? files.shared : files.own;
  const parsed = schema.safeParse(merged);
  const issues = parsed.success ? [] : parsed.error.issues;
  mistakes.push(...issues.flatMap((issue) => translate(issue, merged, fileOf, files.own)));

  // The checks across values run on what is left when the wrong values are set aside, so that one message has all.
  const sound = parsed.success ? parsed : schema.safeParse(without(merged, issues));
  if (!sound.success) throw new ConfigurationError(raw.stack, mistakes);
  const settings: Settings = {
    ...sound.data,
    project: raw.project,
    environment: raw.stack as EnvironmentName,
    region: outer.region,
    accountId: outer.accountId,
    owner: outer.owner,
    ownZone: isPlain(at(outer.differences, ["zone"])),
    ownVariables: ownVariables(outer.differences),
    release: outer.release,
    ...(outer.passport === undefined ? {} : { passport: outer.passport }),
    rotations: outer.rotations,
  };
  const now = raw.now === undefined ? {} : { now: raw.now };
  const found = crossChecks({ settings, given: secretsGiven(raw), fileOf, own: files.own, ...now });
  mistakes.push(...found.filter(({ path }) => !mistakes.some((mistake) => mistake.path === path)));
  if (mistakes.length > 0) throw new ConfigurationError(raw.stack, mistakes);
  return settings;
}

function ownVariables(differences: unknown): Settings["ownVariables"] {
  const applications = at(differences, ["applications"]);
  const names = (value: unknown) => (isPlain(value) ? Object.keys(value).sort() : []);
  return Object.fromEntries(
    names(applications).map((key) => [key, names(at(applications, [key, "variables"]))] as const),
  );
}

/** A copy without the values that issues point at; their defaults take their place where there are any. */
function without(merged: unknown, issues: readonly z.core.$ZodIssue[]): unknown {
  const copy = structuredClone(merged);
  for (const issue of issues) {
    const gone =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of gone) {
      const holder = at(copy, path.slice(0, -1));
      if (Array.isArray(holder)) holder.splice(Number(path.at(-1)), 1);
      else if (isPlain(holder)) delete holder[String(path.at(-1))];
    }
  }
  return copy;
}

function unknownStack(stack: string): Mistake {
  return {
    file: "stack",
    path: stack,
    allowed: ENVIRONMENTS.join(", "),
    remedy: `name the stack after its environment: pulumi stack init ${closest(stack, [...ENVIRONMENTS])}`,
  };
}
