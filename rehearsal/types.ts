/** A resource's properties as plain JSON: what a provider receives and returns. */
export type Props = Record<string, unknown>;

/** What Pulumi's engine sends in a preview for a value that it does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** One thing wrong with a resource's inputs. */
export interface Failure {
  readonly property?: string;
  readonly reason: string;
}

export interface Checked {
  /** The inputs with defaults and automatic names filled in. */
  readonly inputs: Props;
  readonly failures: readonly Failure[];
}

export interface Difference {
  /** Top-level properties whose value differs. */
  readonly changed: readonly string[];
  /** Those of them (as dotted paths) that make the provider replace the resource. */
  readonly replaces: readonly string[];
  /** True where the replacement cannot stand beside what it replaces (a fixed physical name). */
  readonly deleteBeforeReplace: boolean;
}

/** A create, update, delete or invoke that the simulated control plane refuses. */
export class CloudRefusal extends Error {
  override readonly name = "CloudRefusal";
  constructor(
    /** The API's own error code, such as `BucketNotEmpty`. */
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
  }
}

/** A resource that exists in the simulated clouds. */
export interface CloudObject {
  readonly account: string;
  readonly type: string;
  readonly id: string;
  inputs: Props;
  outputs: Props;
  createdAt: string;
  /** What lives inside and is no resource of its own: a bucket's objects, a cluster's running tasks. */
  contents?: Record<string, unknown>;
}

/** The provider protocol, reduced to what both ways into the rehearsal need. */
export interface CloudApi {
  check(r: { type: string; urn: string; olds?: Props; news: Props }): Checked;
  diff(r: {
    type: string;
    id: string;
    olds: Props;
    news: Props;
    ignoreChanges?: readonly string[];
  }): Difference;
  create(r: { type: string; urn: string; inputs: Props; account: string }): { id: string; outputs: Props };
  /** @param r.olds the outputs as the state knows them, which may no longer be the object's */
  update(r: { type: string; urn: string; id: string; inputs: Props; olds?: Props; account: string }): {
    outputs: Props;
  };
  remove(r: { type: string; urn: string; id: string; olds?: Props; account: string }): void;
  read(r: {
    type: string;
    id: string;
    account: string;
  }): { id: string; inputs: Props; outputs: Props } | undefined;
  invoke(r: { token: string; args: Props; account: string }): Props;
}

/** What a named rule may see of the clouds while it decides. */
export interface RuleContext {
  readonly type: string;
  readonly urn: string;
  readonly account: string;
  /** `eu-west-3` unless the resource names its own region. */
  readonly region: string;
  /** The present instant of the movable clock, ISO 8601. */
  readonly now: string;
  readonly world: World;
  /** The objects of a type that this account can see. */
  all(type: string): readonly CloudObject[];
  /** The object of a type for which the predicate holds. */
  find(type: string, which: (o: CloudObject) => boolean): CloudObject | undefined;
  /** A stable pseudo-random hexadecimal string for this resource and purpose. */
  hex(purpose: string, length: number): string;
  /** Refuses the operation: throws a {@link CloudRefusal}. */
  refuse(code: string, message: string): never;
}

/** The semantics of one resource type that its facts cannot say. Every part is optional. */
export interface Rule {
  /** The id, where it is not the default `<name>-<hex>`. */
  id?(ctx: RuleContext, inputs: Props): string;
  /** Computed outputs, merged over the inputs. */
  outputs?(ctx: RuleContext, inputs: Props, id: string, previous?: Props): Props;
  /** Called before create and update; refuse through the context. */
  refuseWrite?(ctx: RuleContext, inputs: Props, existing?: CloudObject): void;
  refuseCreate?(ctx: RuleContext, inputs: Props): void;
  /** @param known the outputs as the state knows them @default as they are */
  refuseUpdate?(ctx: RuleContext, inputs: Props, existing: CloudObject, known?: Props): void;
  refuseDelete?(ctx: RuleContext, existing: CloudObject, known?: Props): void;
  /** What else happens in the cloud: a task starts, a certificate is issued. May change other objects. */
  after?(ctx: RuleContext, object: CloudObject): void;
  /** True when a delete leaves the object in place (a Cloudflare zone setting, a reserved secret name). */
  keepsAfterDelete?(ctx: RuleContext, existing: CloudObject): boolean;
}

export type Rules = Readonly<Record<string, Rule>>;

/** What exists before tandem comes: nothing in it was made by a resource. */
export interface World {
  /** Cloudflare zones by name. */
  readonly zones: Readonly<
    Record<string, { readonly id: string; readonly accountId: string; readonly plan: "free" | "pro" }>
  >;
  /** GitHub repositories by `owner/name`. */
  readonly repositories: Readonly<
    Record<
      string,
      {
        readonly id: number;
        readonly defaultBranch: string;
        /** The others. @default none */
        readonly branches?: readonly string[];
        readonly files: readonly string[];
      }
    >
  >;
  /** GitHub users by login, with their ids. */
  readonly users: Readonly<Record<string, { readonly id: number }>>;
  /** Mail addresses whose owner has clicked Cloudflare's verification mail. */
  readonly verifiedMail: readonly string[];
  /** Image digests that the application's own CI pushes into a registry as soon as it exists, by registry name. */
  readonly images: Readonly<Record<string, readonly string[]>>;
  /** Databases that existed before, by identifier: an adoption reads them. */
  readonly databases: Readonly<Record<string, { readonly inputs: Props; readonly outputs: Props }>>;
  /** Names of database snapshots that existed before: a database may begin as one of them. @default none */
  readonly snapshots?: readonly string[];
  /**
   * What functions answer, by name and by what their input asks for under `do`: a result, in whose JSON `<now>`
   * stands for the clouds' instant, or an error. @default null
   */
  readonly functions?: Readonly<Record<string, Readonly<Record<string, Props>>>>;
}
