/** Exit code of a command. */
export const exitCode = { done: 0, problems: 1, usage: 2 } as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** Text of `--help`, starting with the arguments. */
  readonly help: string
  /**
   * @throws UsageError if the arguments are invalid.
   * @throws AppError if the operation is refused.
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}

/** Input and output of a command. */
export interface Terminal {
  /** Prints a line of the result to standard output. */
  print(line: string): void
  /** Prints a message for the user to standard error. */
  note(line: string): void
  /** Whether standard error is an interactive terminal, where lines may be overwritten. */
  readonly interactive: boolean
  /** Aborts when the user stops the command. */
  readonly stopped: AbortSignal
}

/** The command was called with unknown or invalid arguments. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Options of every command that works on the data of a site. */
export const siteOptions = {
  site: { type: 'string', default: 'main' },
  json: { type: 'boolean', default: false },
} as const

export const siteHelp = `  --site CODE           the site to work in (default: main)
  --json                print the result as JSON, and nothing else`
