import { CommandError } from "../errors";

/** What was found out, or why it was not: a row that nobody could look at says so. */
export type Known<T> = { readonly value: T } | Unknown;

export interface Unknown {
  readonly unknown: string;
  /** Whether it was asked and could not be told: something is wrong then. Otherwise it cannot be known here. */
  readonly failed: boolean;
}

export const known = <T>(value: T): Known<T> => ({ value });

/** What cannot be known here, and why. */
export const unknown = (reason: string): Unknown => ({ unknown: reason, failed: false });

/** What a question brought; a refusal of a cloud becomes the row's reason, and the other rows stay. */
export async function ask<T>(question: () => Promise<T>): Promise<Known<T>> {
  try {
    return known(await question());
  } catch (error) {
    return { unknown: reasonOf(error), failed: true };
  }
}

/**
 * The answer of a cloud.
 *
 * @throws CommandError with its refusal in a line
 */
export async function answerOf<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`AWS does not do it: ${reasonOf(error)}.`);
  }
}

/** Names by which services of AWS say the same. */
const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation|Forbidden|AuthorizationError)$/;
const BUSY = /^(Throttling|ThrottlingException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;
const NO_CREDENTIALS = /^(CredentialsProviderError|ExpiredToken|ExpiredTokenException|TokenProviderError)$/;
const NO_NETWORK = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|TimeoutError)$/;

/** An error of a cloud in a line. */
export function reasonOf(error: unknown): string {
  const { name = "", code = "", message = "" } = error as { name?: string; code?: string; message?: string };
  const [line = ""] = message.split("\n");
  if (DENIED.test(name)) return `not allowed${actionIn(message)}`;
  if (BUSY.test(name)) return "AWS is asked too often just now (throttled): try again in a minute";
  if (NO_CREDENTIALS.test(name)) return "no AWS credentials, or they have expired";
  if (NO_NETWORK.test(code) || NO_NETWORK.test(name)) return `no answer (${code || name})`;
  return line || name || "no reason given";
}

/** AWS names what was missing in its own words. */
function actionIn(message: string): string {
  const [, action] = /perform: ([a-zA-Z0-9-]+:[A-Za-z]+)/.exec(message) ?? [];
  return action === undefined ? "" : `: ${action}`;
}
