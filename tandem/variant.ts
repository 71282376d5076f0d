import { layer } from "../config/layers";
import { ENVIRONMENTS, type EnvironmentName } from "../config/settings";
import { Sealer } from "../rehearsal/seal";
import { type Project, REHEARSAL_PASSPHRASE, type StackFile, stackFile } from "./project";

/** What a variant says differently in one stack's file. */
export interface StackChanges {
  /** Laid over the file's own differences. */
  readonly differences?: object;
  /** Image digest by application, laid over the file's own. */
  readonly release?: Readonly<Record<string, string>>;
  /** Given secrets in clear, to be encrypted; null takes one out of the file. */
  readonly secrets?: Readonly<Record<string, string | null>>;
}

export type Changes = Partial<Record<EnvironmentName, StackChanges>> & {
  /** Laid over the shared part of Pulumi.yaml. */
  readonly shared?: object;
};

/** For tests and measurements: a project with changes that stand in memory only. */
export function variant(project: Project, { shared, ...stacks }: Changes): Project {
  const over = { config: { shared: { default: shared } } };
  return {
    ...project,
    manifest: layer(project.manifest, over) as Project["manifest"],
    stacks: Object.fromEntries(
      ENVIRONMENTS.map((stack) => [stack, changed(project, stackFile(project, stack), stacks[stack])]),
    ),
  };
}

function changed({ name }: Project, file: StackFile, changes: StackChanges = {}): StackFile {
  const sealer = Sealer.fromPassphrase(REHEARSAL_PASSPHRASE, file.encryptionsalt);
  const sealed = ([key, value]: [string, string | null]) => [
    `${name}:${key}`,
    value === null ? null : { secure: sealer.seal(value) },
  ];
  const config = layer(file.config, {
    ...(changes.differences === undefined ? {} : { [`${name}:differences`]: changes.differences }),
    ...(changes.release === undefined ? {} : { [`${name}:release`]: changes.release }),
    ...Object.fromEntries(Object.entries(changes.secrets ?? {}).map(sealed)),
  }) as Record<string, unknown>;
  return {
    encryptionsalt: sealer.salt,
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null)),
  };
}
