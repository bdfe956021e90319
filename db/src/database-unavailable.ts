import postgres from 'postgres'

/**
 * The database does not answer (`away`), is too busy to (`busy`), or has no space left to store anything (`full`).
 * Whether a statement in progress was carried out is unknown; the same events may safely be sent again.
 */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
  readonly reason: 'away' | 'busy' | 'full'

  constructor(reason: 'away' | 'busy' | 'full', message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/**
 * Error codes of PostgreSQL after which the session is unusable: the server is shutting down or starting (57P), it is
 * read-only because it has become a standby (25006), or the transaction was idle for too long (25P03).
 */
const awayCodes: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25006', '25P03'])

/** Too many connections, out of memory, or a lock or the answer did not arrive in time. */
const busyCodes: ReadonlySet<string> = new Set(['53000', '53200', '53300', '53400', '55P03', '57014'])

/** disk_full: a file could not be extended. */
export const diskFullCode = '53100'

/** The driver's own codes, and those of the operating system; its other errors are about incorrect statements. */
const connectionCodes = /^(CONNECT|CONNECTION_|E[A-Z]+$|ERR_(SSL|TLS)|.*CERT)/

/** Converts an error of the driver for callers. Undefined: the statement was incorrect. */
export function toUnavailableError(error: unknown): DatabaseUnavailableError | undefined {
  if (error instanceof DatabaseUnavailableError) return error
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) return undefined
  const { code } = error
  if (!(error instanceof postgres.PostgresError)) {
    if (!connectionCodes.test(code)) return undefined
    return new DatabaseUnavailableError('away', 'the connection to the database is lost', { cause: error })
  }
  if (awayCodes.has(code) || code.startsWith('08')) {
    return new DatabaseUnavailableError('away', 'the database ended the session', { cause: error })
  }
  if (code === diskFullCode)
    return new DatabaseUnavailableError('full', 'the disk of the database is full', { cause: error })
  if (!busyCodes.has(code)) return undefined
  return new DatabaseUnavailableError('busy', 'the database is too busy', { cause: error })
}
