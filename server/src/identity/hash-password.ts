import { hashPassword as scrypt, verifyPassword as verifyScrypt } from 'better-auth/crypto'
import { APIError } from 'better-auth/api'
import pLimit from 'p-limit'

/** A hash takes 32 MiB and a core for a tenth of a second: more at once would only slow everybody down. */
const hashing = pLimit(2)
const maxWaiting = 20

/** @throws APIError `TOO_MANY_REQUESTS` when too many are queued already. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => scrypt(password))
}

/** @throws APIError `TOO_MANY_REQUESTS` when too many are queued already. */
export function verifyPassword(given: { hash: string; password: string }): Promise<boolean> {
  return inTurn(() => verifyScrypt(given))
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (hashing.pendingCount >= maxWaiting) throw new APIError('TOO_MANY_REQUESTS', {}, { 'retry-after': '1' })
  return hashing(work)
}
