import { PostgresqlSession } from './postgresql-session.ts'
import type { SessionOptions } from './postgresql-session.ts'
import { DatabaseUnavailableError } from './database-unavailable.ts'

const shortestPauseMs = 50
const longestPauseMs = 1_000

/**
 * Waiting times after each attempt to reach a host that accepts writes, ms: doubled each time, with jitter, so that the
 * servers of a site do not all reconnect at once.
 */
export function* backoffDelaysMs(): Generator<number, never> {
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    yield pauseMs * (0.5 + Math.random() / 2)
  }
}

/** From the attempt to connect to the first answer. */
const connectWithinMs = 4_000

/**
 * Opens a session that accepts writes.
 * @throws DatabaseUnavailableError if the host does not answer in time, or is a standby.
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
  /** Index among the hosts. */
  readonly index: number
  readonly session: PostgresqlSession
}

/**
 * Tries every host in turn, starting at `first`, for a session that accepts writes.
 * @throws The last host's error if none does.
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
