import { closest } from "fastest-levenshtein";
import { type Checkable, mistakeAt } from "../checkable";
import { PREVIOUS } from "../former-key";
import type { Mistake } from "../mistakes";

/** What an application receives the former value as: the variable's name and this. */
const FALLBACKS = "_FALLBACKS";

/** Rotations name what is declared, and a former value stands exactly where one is accepted. */
export function rotationMistakes(checkable: Checkable): Mistake[] {
  return [
    ...unknown(checkable),
    ...adopted(checkable),
    ...former(checkable),
    ...missing(checkable),
    ...ambiguous(checkable),
    ...clashing(checkable),
  ];
}

/** Whether a key of the stack's file is a former value: a declared secret may be called so by itself. */
export function isFormer({ settings }: Pick<Checkable, "settings">, name: string): boolean {
  return name.endsWith(PREVIOUS) && settings.secrets[name] === undefined && baseOf(name) in settings.secrets;
}

const baseOf = (name: string) => name.slice(0, -PREVIOUS.length);

/** Whether a process receives the secret: then it may hold something signed with the former value. */
function received({ settings }: Checkable, name: string): boolean {
  return Object.values(settings.applications).some(({ secrets }) => Object.values(secrets).includes(name));
}

function accepts(checkable: Checkable, name: string): boolean {
  const rotation = checkable.settings.rotations[name];
  return rotation !== undefined && !rotation.retired && received(checkable, name);
}

function unknown({ settings, own }: Checkable): Mistake[] {
  const known = [
    ...Object.keys(settings.secrets),
    ...Object.keys(settings.databases).map((key) => `databases.${key}`),
  ];
  return Object.keys(settings.rotations)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      file: own,
      path: `${settings.project}:rotations.${name}`,
      allowed:
        known.length > 0
          ? `what is declared: ${known.join(", ")}`
          : "a declared secret or database, and there is none",
      remedy: known.length > 0 ? `did you mean ${closest(name, known)}? otherwise remove it` : "remove it",
    }));
}

function adopted({ settings, own }: Checkable): Mistake[] {
  return Object.entries(settings.databases).flatMap(([key, { adopt }]) =>
    adopt !== undefined && "instance" in adopt && settings.rotations[`databases.${key}`] !== undefined
      ? [
          {
            file: own,
            path: `${settings.project}:rotations.databases.${key}`,
            allowed: `no rotation: ${adopt.instance} is managed elsewhere`,
            remedy: `rotate its user at its owner, then pulumi config set --secret ${adopt.password} --stack ${settings.environment}`,
          },
        ]
      : [],
  );
}

function former(checkable: Checkable): Mistake[] {
  const { settings, given, own } = checkable;
  return [...given]
    .filter((name) => isFormer(checkable, name))
    .flatMap((name) => {
      const why = strayBecause(checkable, baseOf(name));
      if (why === undefined) return [];
      return [
        {
          file: own,
          path: `${settings.project}:${name}`,
          allowed: `nothing: ${why}`,
          remedy: `pulumi config rm ${name} --stack ${settings.environment}`,
        },
      ];
    });
}

function strayBecause(checkable: Checkable, name: string): string | undefined {
  const { secrets, rotations } = checkable.settings;
  if (secrets[name]?.kind === "generated") return `${name} is generated, and so is the value before`;
  if (rotations[name] === undefined) return `${name} was never rotated`;
  if (rotations[name]?.retired) return `the value before ${name}'s last rotation is no longer accepted`;
  return received(checkable, name) ? undefined : `no application receives ${name}`;
}

function missing(checkable: Checkable): Mistake[] {
  const { settings, given, own } = checkable;
  return Object.entries(settings.secrets)
    .filter(([name, { kind }]) => kind === "given" && accepts(checkable, name) && !given.has(name + PREVIOUS))
    .map(([name]) => ({
      file: own,
      path: `${settings.project}:${name}${PREVIOUS}`,
      allowed: `the value of ${name} before its last rotation: it is still accepted`,
      remedy: `npx tandem rotate ${name} --retire, or pulumi config set --secret ${name}${PREVIOUS} --stack ${settings.environment}`,
    }));
}

/** A secret whose name is that of another one's former value. */
function ambiguous(checkable: Checkable): Mistake[] {
  const { secrets } = checkable.settings;
  return Object.keys(secrets)
    .filter((name) => name.endsWith(PREVIOUS) && secrets[baseOf(name)]?.kind === "given")
    .map((name) =>
      mistakeAt(checkable, ["secrets", name], {
        allowed: `another name: ${name} is where a rotation of ${baseOf(name)} keeps its former value`,
        remedy: "give the secret another name",
      }),
    );
}

function clashing(checkable: Checkable): Mistake[] {
  return Object.entries(checkable.settings.applications).flatMap(([key, { variables, secrets }]) =>
    Object.entries(secrets)
      .filter(([, name]) => accepts(checkable, name))
      .map(([variable]) => `${variable}${FALLBACKS}`)
      .filter((variable) => variable in variables || variable in secrets)
      .map((variable) =>
        mistakeAt(
          checkable,
          ["applications", key, variable in variables ? "variables" : "secrets", variable],
          {
            allowed: `another name: ${variable} carries the value before a rotation while it is accepted`,
            remedy: "rename or remove it",
          },
        ),
      ),
  );
}
