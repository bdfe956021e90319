import { hashPassword as scrypt, verifyPassword as verifyScrypt } from 'better-auth/crypto'
import { APIError } from 'better-auth/api'

/** A hash takes 32 MiB and a core for a tenth of a second: more at once would only make everybody wait. */
const mostAtOnce = 2
const mostWaiting = 20

const waiting: (() => void)[] = []
let runningCount = 0

/** @throws APIError `TOO_MANY_REQUESTS` when too many wait already. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => scrypt(password))
}

/** @throws APIError `TOO_MANY_REQUESTS` when too many wait already. */
export function verifyPassword(given: { hash: string; password: string }): Promise<boolean> {
  return inTurn(() => verifyScrypt(given))
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (runningCount >= mostAtOnce) {
    if (waiting.length >= mostWaiting) throw new APIError('TOO_MANY_REQUESTS', {}, { 'retry-after': '1' })
    // Whoever is done hands its place on.
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else runningCount += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) runningCount -= 1
    else next()
  }
}
