/** Something a person can put right: printed without a stack trace. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    message: string,
    /** The process's exit code; see EXIT. */
    readonly exitCode: number = EXIT.refused,
  ) {
    super(message);
  }
}

/** Exit codes, as `--help` documents them. */
export const EXIT = {
  done: 0,
  /** The configuration, the simulated cloud or a gate refused. */
  refused: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** A difference was found where none may be. */
  differs: 3,
} as const;
