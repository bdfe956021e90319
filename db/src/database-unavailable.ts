import postgres from 'postgres'

/**
 * The database does not answer (`away`), is too busy to (`busy`), or has no space left to store anything (`full`). Whether a statement that was under way was carried
 * out is not known; the same events may safely be sent again.
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
 * Answers of PostgreSQL that say that this session cannot be used any more: it ends or starts (57P), it may only read
 * because it has become a standby (25006), or its transaction was idle for too long (25P03).
 */
const awayCodes: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25006', '25P03'])

/** Too many connections, memory full, a lock or the answer did not come in time. */
const busyCodes: ReadonlySet<string> = new Set(['53000', '53200', '53300', '53400', '55P03', '57014'])

/** disk_full: a file could not be made longer. */
export const diskFullCode = '53100'

/** The driver's own codes, and those of the system below it; its other errors say that a statement was given wrongly. */
const connectionCodes = /^(CONNECT|CONNECTION_|E[A-Z]+$|ERR_(SSL|TLS)|.*CERT)/

/** What an error of the driver means for whoever asked; undefined: the statement was wrong. */
export function unavailability(error: unknown): DatabaseUnavailableError | undefined {
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
