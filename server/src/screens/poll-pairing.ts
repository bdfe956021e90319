import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import type { PairingDone } from '@stagewatch/shared/contract/pairing.ts'
import { AppError } from '../platform/app-error.ts'
import { hasExpired, lockPairing, savePolled, saveState } from './pairings-table.ts'
import type { StoredPairing } from './pairings-table.ts'
import type { ScreenContext } from './screen-context.ts'
import { newScreenToken, secretHash } from './screen-secrets.ts'
import { isScreen, selfOf, lockScreen } from './screens-table.ts'

/** Added to the interval of a screen that polls too often (RFC 8628, section 3.5). */
const slowDownS = 5

/**
 * Answers a screen that polls for its approval: with its token, once.
 * @throws AppError `authorization_pending`, `slow_down` or `code_expired`.
 */
export async function pollPairing({ database, clock }: ScreenContext, deviceCode: string): Promise<PairingDone> {
  const now = clock.now()
  // The longer interval after an early poll must be stored; throwing inside the transaction would undo it.
  const answer = await database.transaction(async (tx) => {
    const pairing = await lockPairing(tx, 'deviceHash', secretHash(deviceCode))
    if (pairing === undefined || hasExpired(pairing, now)) return expired()
    if (pairing.state === 'pending') return stillPending(tx, pairing, now)
    return pairing.state === 'approved' ? handOver(tx, pairing, now) : expired()
  })
  if (answer instanceof AppError) throw answer
  return answer
}

async function stillPending(tx: Queryable, pairing: StoredPairing, now: number): Promise<AppError> {
  const { deviceHash, polledAt, intervalS } = pairing
  const early = polledAt !== null && now - polledAt < intervalS * 1_000
  await savePolled(tx, deviceHash, now, early ? intervalS + slowDownS : intervalS)
  return early
    ? new AppError('slow_down', 'wait longer between two polls')
    : new AppError('authorization_pending', 'nobody has approved this screen yet')
}

async function handOver(tx: Queryable, pairing: StoredPairing, now: number): Promise<PairingDone | AppError> {
  const { site, screenId } = pairing
  const screen = site === null || screenId === null ? undefined : await lockScreen(tx, { site, id: screenId })
  // Somebody may have revoked it before it fetched its token.
  if (screen === undefined) return expired()
  const token = newScreenToken()
  await drizzleOn(tx)
    .update(screens)
    .set({ tokenHash: secretHash(token), tokenIssuedAt: now })
    .where(isScreen(screen))
  await saveState(tx, { ...pairing, state: 'done' })
  return { token, screen: selfOf(screen) }
}

function expired(): AppError {
  return new AppError('code_expired', 'this code is no longer valid')
}
