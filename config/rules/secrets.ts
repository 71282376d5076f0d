import { closest } from "fastest-levenshtein";
import { type Checkable, mistakeAt } from "../checkable";
import { looksSecret } from "../looks-secret";
import type { Mistake } from "../mistakes";
import { isFormer } from "./rotations";

/** Mandatory secrets are there, nothing secret stands in clear, nothing stray is carried along. */
export function secretMistakes(checkable: Checkable): Mistake[] {
  const { settings, given, own } = checkable;
  const declared = Object.entries(settings.secrets);
  const wanted = declared.filter(([, { kind }]) => kind === "given").map(([name]) => name);
  return [
    ...declared
      .filter(([name, { kind }]) => kind === "given" && !given.has(name))
      .map(([name, { from }]) => ({
        file: own,
        path: `${settings.project}:${name}`,
        allowed: `the secret ${name}: it is mandatory and missing`,
        remedy: `pulumi config set --secret ${name} --stack ${settings.environment}${from ? ` (from ${from})` : ""}`,
      })),
    ...[...given]
      .filter((name) => !wanted.includes(name) && !isFormer(checkable, name))
      .map((name) => ({
        file: own,
        path: `${settings.project}:${name}`,
        allowed:
          wanted.length > 0
            ? `a declared secret: ${wanted.join(", ")}`
            : "a declared secret, and there is none",
        remedy: undeclared(name, wanted, settings.secrets[name]?.kind),
      })),
    ...inClear(checkable),
  ];
}

function undeclared(name: string, wanted: readonly string[], kind: string | undefined): string {
  if (kind === "generated") return `remove it: ${name} is generated`;
  const near = wanted.length > 0 ? closest(name, [...wanted]) : undefined;
  const declare = `declare it under secrets (${name}: given) or remove it`;
  return near === undefined ? declare : `did you mean ${near}? otherwise ${declare}`;
}

/** A variable that by its name or value is a secret. Its value is never repeated. */
function inClear(checkable: Checkable): Mistake[] {
  const { applications, sites } = checkable.settings;
  return Object.entries({ applications, sites }).flatMap(([kind, all]) =>
    Object.entries(all).flatMap(([key, { variables }]) =>
      Object.entries(variables)
        .filter(([name, value]) => looksSecret(name, value))
        .map(([name]) =>
          mistakeAt(checkable, [kind, key, "variables", name], {
            found: "what looks like a secret, in clear (not repeated here)",
            allowed: "values that anybody may read",
            remedy: REMEDIES[kind as keyof typeof REMEDIES](name),
          }),
        ),
    ),
  );
}

const REMEDIES = {
  applications: (name: string) =>
    `declare ${name} under secrets, pulumi config set --secret ${name}, and change it at its source`,
  // What compiles a site has no secrets: what it compiles is public.
  sites: (name: string) => `remove ${name}, and change it at its source: a site is compiled without secrets`,
};
