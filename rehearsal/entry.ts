import { createHash } from "node:crypto";
import type { Goal } from "./goal";
import type { ResourceState } from "./stack-state";

/** What a cloud made of a goal. */
export type Made = Pick<ResourceState, "inputs" | "outputs"> & { readonly id?: string };

/**
 * What the state is to remember of a resource.
 *
 * @param secret names that are secret although the program does not say so
 */
export function entry(
  goal: Goal,
  urn: string,
  made: Made,
  secret: { readonly inputs: readonly string[]; readonly outputs: readonly string[] },
): ResourceState {
  const { type, custom, dependencies, propertyDependencies, ignoreChanges } = goal;
  const secretInputs = [...new Set([...goal.secretInputs, ...secret.inputs])].filter((n) => n in made.inputs);
  const secretOutputs = [...new Set([...secretInputs, ...goal.additionalSecretOutputs, ...secret.outputs])];
  return {
    urn,
    type,
    custom,
    ...(made.id === undefined ? {} : { id: made.id }),
    inputs: made.inputs,
    outputs: made.outputs,
    ...(goal.parent === undefined ? {} : { parent: goal.parent }),
    dependencies,
    propertyDependencies,
    ...(goal.provider === undefined ? {} : { provider: goal.provider }),
    protect: goal.protect ?? false,
    retainOnDelete: goal.retainOnDelete ?? false,
    ...(goal.deletedWith === undefined ? {} : { deletedWith: goal.deletedWith }),
    aliases: goal.aliases.filter((a) => typeof a === "string"),
    ignoreChanges,
    secretInputs,
    secretOutputs: secretOutputs.filter((n) => n in made.outputs),
    ...(goal.importId === undefined ? {} : { importId: goal.importId }),
  };
}

/** A provider has an id like any custom resource, but no cloud to give it one. */
export function providerId(urn: string): string {
  const hex = createHash("sha256").update(urn).digest("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
