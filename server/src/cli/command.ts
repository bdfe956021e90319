/** How a command ended, as its exit code. */
export const exitCode = { done: 0, problems: 1, usage: 2 } as const
export type ExitCode = (typeof exitCode)[keyof typeof exitCode]

export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What `--help` says, from the arguments on. */
  readonly help: string
  /**
   * @throws UsageError when the arguments make no sense.
   * @throws AppError when what was asked for is refused.
   */
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>
}

/** Where a command is run from. */
export interface Terminal {
  /** A line of the result, on standard output. */
  print(line: string): void
  /** A line for the person who waits, on standard error. */
  note(line: string): void
  /** Whether a person looks at standard error, so that lines may move. */
  readonly interactive: boolean
  /** Aborts when the person has asked to stop. */
  readonly stopped: AbortSignal
}

/** The command was called in a way that it does not know. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Options that every command takes which works on the data of a site. */
export const siteOptions = {
  site: { type: 'string', default: 'main' },
  json: { type: 'boolean', default: false },
} as const

export const siteHelp = `  --site CODE           the site to work in (default: main)
  --json                print the result as JSON, and nothing else`
