import type { Rotation } from "../config/settings";

/** Which of a database's passwords each of its two users has, by the end of its logical name. */
export interface Accounts {
  /** Of the instance's own user, which also makes the other. */
  readonly own: string;
  /** Of the second user. @default it is locked */
  readonly second?: string;
  /** What the application enters with. */
  readonly current: { readonly second: boolean; readonly password: string };
}

/**
 * The two users of a generation: the instance's own in the odd ones, the second in the even ones. The other keeps
 * the generation before until that is retired. Then the second is locked; the instance's own, which RDS cannot
 * lock, gets a password that no process ever receives.
 */
export function accounts({ generation, retired }: Rotation): Accounts {
  const present = suffix(generation);
  const before = suffix(generation - 1);
  const second = generation % 2 === 0;
  const current = { second, password: present };
  if (second) return { own: retired ? `${present}-withdrawn` : before, second: present, current };
  return retired ? { own: present, current } : { own: present, second: before, current };
}

const suffix = (generation: number): string => (generation === 1 ? "" : `-${generation}`);

/** The second user's name: at most 18 of MySQL's 32 characters. */
export const secondUser = (user: string): string => `${user}_2`;
