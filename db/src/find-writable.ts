import { PostgresqlSession } from './postgresql-session.ts'
import type { SessionOptions } from './postgresql-session.ts'
import { DatabaseUnavailableError } from './database-unavailable.ts'

const shortestPauseMs = 50
const longestPauseMs = 1_000

/**
 * How long to wait after each attempt to reach a host that takes writes, ms: twice as long each time, and spread, so
 * that the servers of a site do not all come back at once.
 */
export function* pausesMs(): Generator<number, never> {
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    yield pauseMs * (0.5 + Math.random() / 2)
  }
}

/** From the attempt to connect to the first answer. */
const connectWithinMs = 4_000

/**
 * A session that takes writes.
 * @throws DatabaseUnavailableError when the host does not answer in time, or is a standby.
 */
export async function openWritable(options: SessionOptions): Promise<PostgresqlSession> {
  const session = new PostgresqlSession(options)
  try {
    const [row] = await session.query<{ readOnly: string }>(
      `select current_setting('transaction_read_only') as "readOnly"`,
      [],
      connectWithinMs,
    )
    if (row?.readOnly !== 'off') throw new DatabaseUnavailableError('away', 'the host takes no writes')
    return session
  } catch (error) {
    session.destroy()
    throw error
  }
}

export interface WritableHost {
  /** Place among the hosts. */
  readonly index: number
  readonly session: PostgresqlSession
}

/**
 * Asks every host, one after the other from `first` on, for a session that takes writes.
 * @throws what the last host said, when none does.
 */
export async function findWritable(
  hosts: readonly string[],
  first: number,
  options: Omit<SessionOptions, 'url'>,
): Promise<WritableHost> {
  let refusal: unknown
  for (let step = 0; step < hosts.length; step++) {
    const index = (first + step) % hosts.length
    const url = hosts[index]
    if (url === undefined) continue
    try {
      return { index, session: await openWritable({ ...options, url }) }
    } catch (error) {
      refusal = error
    }
  }
  throw refusal
}
