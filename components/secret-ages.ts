/** How old a secret is, and what follows from it. Public: never a value. */
export interface SecretAge {
  /** 1 is the first value; each rotation adds one. */
  readonly generation: number;
  /** Since when it has this generation, ISO 8601: the first `up` that saw it. */
  readonly since: string;
}
