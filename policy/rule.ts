/** What a rule looks at: one resource as the program declares it. */
export interface Resource {
  /** Such as `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Its logical name. */
  readonly name: string;
  /** Its inputs. May hold secrets: no rule repeats a value that is not its own key. */
  readonly props: Readonly<Record<string, unknown>>;
  /** The stack it stands in: `sandbox` or `prod`. */
  readonly environment: string;
  /** Whether Pulumi refuses to delete and to replace it. @default not known */
  readonly protect?: boolean;
}

/** A guard rail: what must hold of every resource it knows, and says nothing of the others. */
export interface Rule {
  /** Stable, in words with dashes: operators and the engine name it so. */
  readonly name: string;
  readonly why: string;
  readonly remedy: string;
  /** What is wrong with the resource, a line each; nothing where it holds. */
  readonly check: (resource: Resource) => readonly string[];
}

/** A resource that a rule refuses. */
export interface Violation {
  readonly rule: string;
  readonly type: string;
  readonly name: string;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/** What one rule has against a resource. */
export function violationsOf(rule: Rule, resource: Resource): Violation[] {
  const { type, name } = resource;
  const { why, remedy } = rule;
  return rule.check(resource).map((what) => ({ rule: rule.name, type, name, what, why, remedy }));
}

/** A violation in one line. */
export function inWords({ type, name, what, why, remedy }: Violation): string {
  return `${name} (${type}): ${what}. Why it matters: ${why}. Remedy: ${remedy}.`;
}
