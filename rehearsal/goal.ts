import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { fromWire } from "./serialize";
import type { ResourceState } from "./stack-state";
import type { Props } from "./types";
import type { AliasSpec } from "./urn";

/** What a program asks for in one registration. */
export interface Goal {
  readonly type: string;
  readonly name: string;
  readonly custom: boolean;
  readonly parent?: string;
  readonly inputs: Props;
  readonly secretInputs: readonly string[];
  /** Made from something that has failed. */
  readonly unknown: boolean;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  readonly provider?: string;
  /** Undefined where the program does not say: the parent decides. */
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly deletedWith?: string;
  /** Undefined where the provider decides. */
  readonly deleteBeforeReplace?: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
  readonly aliases: readonly (string | AliasSpec)[];
  readonly importId?: string;
}

export function goalOf(req: RegisterResourceRequest): Goal {
  const type = req.getType();
  const name = req.getName();
  if (req.getRemote()) throw unsupported(`${type} "${name}" is a remote component`);
  if (req.hasReplacementTrigger()) throw unsupported(`"${name}" has the option replacementTrigger`);
  const wire = fromWire(struct(req.getObject()));
  return {
    type,
    name,
    custom: req.getCustom(),
    inputs: wire.values,
    secretInputs: wire.secrets,
    unknown: wire.unknown,
    dependencies: req.getDependenciesList(),
    propertyDependencies: propertyDependencies(req),
    ignoreChanges: req.getIgnorechangesList(),
    replaceOnChanges: req.getReplaceonchangesList(),
    additionalSecretOutputs: req.getAdditionalsecretoutputsList(),
    aliases: [...req.getAliasurnsList(), ...req.getAliasesList().map(aliasOf)],
    ...set("parent", req.getParent()),
    ...set("provider", req.getProvider()),
    ...set("deletedWith", req.getDeletedwith()),
    ...set("importId", req.getImportid()),
    ...(req.hasProtect() ? { protect: req.getProtect() ?? false } : {}),
    ...(req.hasRetainondelete() ? { retainOnDelete: req.getRetainondelete() ?? false } : {}),
    ...(req.getDeletebeforereplacedefined() ? { deleteBeforeReplace: req.getDeletebeforereplace() } : {}),
  };
}

/** What the program leaves open is as with the parent. */
export function inherit(goal: Goal, parent: ResourceState | undefined): Goal {
  if (!parent) return goal;
  return {
    ...goal,
    protect: goal.protect ?? parent.protect,
    retainOnDelete: goal.retainOnDelete ?? parent.retainOnDelete,
    ...(parent.deletedWith === undefined ? {} : { deletedWith: goal.deletedWith ?? parent.deletedWith }),
  };
}

/** The URNs of what has to be there before. */
export function needs(goal: Goal): readonly string[] {
  const provider = goal.provider?.slice(0, goal.provider.lastIndexOf("::"));
  return [...goal.dependencies, ...[goal.parent, provider].filter((urn) => urn !== undefined)];
}

/** What a program asks for when it reads something that it does not own. */
export interface ExternalRead {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  readonly dependencies: readonly string[];
  readonly additionalSecretOutputs: readonly string[];
}

/** The goal that leaves everything as it was found. */
export function readGoal(r: ExternalRead, inputs: Props): Goal {
  const nothing = { secretInputs: [], ignoreChanges: [], replaceOnChanges: [], aliases: [] };
  return { ...r, ...nothing, custom: true, inputs, unknown: false, propertyDependencies: {} };
}

/** A property bag of the protocol as it stands, wrapping included. */
export function struct(s: { toJavaScript(): unknown } | undefined): Record<string, unknown> {
  return (s?.toJavaScript() ?? {}) as Record<string, unknown>;
}

function propertyDependencies(req: RegisterResourceRequest): Record<string, readonly string[]> {
  const entries = [...req.getPropertydependenciesMap().entries()];
  return Object.fromEntries(
    entries.map(([name, d]) => [name, d.getUrnsList()]).filter(([, urns]) => urns?.length),
  );
}

function aliasOf(alias: ReturnType<RegisterResourceRequest["getAliasesList"]>[number]): string | AliasSpec {
  const spec = alias.getSpec();
  if (!spec) return alias.getUrn();
  return {
    ...set("name", spec.getName()),
    ...set("type", spec.getType()),
    ...set("stack", spec.getStack()),
    ...set("project", spec.getProject()),
    ...set("parent", spec.getParenturn()),
    noParent: spec.getNoparent(),
  };
}

/** The protocol writes "not set" as an empty text. */
function set<K extends string>(key: K, value: string): { [P in K]?: string } {
  return (value === "" ? {} : { [key]: value }) as { [P in K]?: string };
}

function unsupported(what: string): Error {
  return new Error(`the rehearsal in this process cannot do this: ${what}; use the real engine`);
}
