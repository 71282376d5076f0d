const ROOT_TYPE = "pulumi:pulumi:Stack";

/** What a URN says: `urn:pulumi:<stack>::<project>::<parent type$...$type>::<name>`. */
export interface UrnParts {
  readonly stack: string;
  readonly project: string;
  /** The types of all ancestors and of the resource itself, joined by `$`. */
  readonly qualifiedType: string;
  readonly name: string;
}

/** An earlier identity of a resource; what is left out is as it is today. */
export interface AliasSpec {
  readonly name?: string;
  readonly type?: string;
  readonly stack?: string;
  readonly project?: string;
  readonly parent?: string;
  readonly noParent?: boolean;
}

export interface Identity {
  readonly stack: string;
  readonly project: string;
  readonly type: string;
  readonly name: string;
  readonly parent?: string;
}

export function makeUrn(r: Identity): string {
  const chain = r.parent === undefined ? "" : parseUrn(r.parent).qualifiedType;
  // The stack is everybody's ancestor, so the engine leaves it out of the chain.
  const qualifiedType = chain === "" || chain === ROOT_TYPE ? r.type : `${chain}$${r.type}`;
  return `urn:pulumi:${r.stack}::${r.project}::${qualifiedType}::${r.name}`;
}

export function parseUrn(urn: string): UrnParts {
  const match = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn);
  if (!match) throw new Error(`"${urn}" is no URN (urn:pulumi:<stack>::<project>::<type>::<name>)`);
  const [, stack = "", project = "", qualifiedType = "", name = ""] = match;
  return { stack, project, qualifiedType, name };
}

export function isProvider(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}

/**
 * The URNs under which an older state may know a resource.
 *
 * @param parentWas the URN under which the parent was found, where an alias of its own was needed:
 *   children follow their parent, and those named after it follow its name too.
 */
export function aliasUrns(
  r: Identity,
  aliases: readonly (string | AliasSpec)[],
  parentWas?: string,
): readonly string[] {
  const own = aliases.map((a) => (typeof a === "string" ? a : specUrn(r, a)));
  if (parentWas === undefined || r.parent === undefined) return own;
  const parent = { now: parseUrn(r.parent).name, was: parentWas };
  const inherited = [makeUrn(r), ...own].map((urn) => underParent(urn, parent));
  return [...new Set([...own, ...inherited])];
}

function specUrn(r: Identity, spec: AliasSpec): string {
  const parent = spec.noParent ? undefined : (spec.parent ?? r.parent);
  return makeUrn({
    stack: spec.stack ?? r.stack,
    project: spec.project ?? r.project,
    type: spec.type ?? r.type,
    name: spec.name ?? r.name,
    ...(parent === undefined ? {} : { parent }),
  });
}

function underParent(urn: string, parent: { now: string; was: string }): string {
  const child = parseUrn(urn);
  const type = child.qualifiedType.split("$").at(-1) ?? "";
  const name = child.name.startsWith(parent.now)
    ? parseUrn(parent.was).name + child.name.slice(parent.now.length)
    : child.name;
  return makeUrn({ stack: child.stack, project: child.project, type, name, parent: parent.was });
}
