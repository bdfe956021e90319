import { randomBytes } from 'node:crypto'
import type { Database, Queryable } from '@stagewatch/db/database.ts'
import type { PairingAsked, pairingApproval } from '@stagewatch/shared/contract/pairing.ts'
import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import type { z } from 'zod'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import { actorOf } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { shown } from './manage-screens.ts'
import { hasExpired, lockPairing, saveState } from './pairings-table.ts'
import type { StoredPairing } from './pairings-table.ts'
import type { ScreenContext } from './screen-context.ts'
import { grantedSettings } from './screen-rights.ts'
import { shownUserCode } from './screen-secrets.ts'
import { insertScreen } from './screens-table.ts'

/** A screen that was approved in the last second still has time to fetch its token. */
const fetchWithinMs = 60_000

/** @throws AppError `not_found`, `code_expired`, or `already_used`. */
export function findPairing({ database, clock }: ScreenContext, typedCode: string): Promise<PairingAsked> {
  return withPairing(
    database,
    typedCode,
    clock.now(),
    async (_tx, { userCode, address, device, askedAt, expiresAt }) => ({
      userCode: shownUserCode(userCode),
      address,
      device,
      askedAt: Math.round(askedAt),
      expiresAt: Math.round(expiresAt),
    }),
  )
}

/** @throws AppError as `findPairing`, and `forbidden` for departments that are not the caller's. */
export function approvePairing(
  context: ScreenContext,
  caller: Caller,
  typedCode: string,
  { name, settings: asked }: z.infer<typeof pairingApproval>,
): Promise<Screen> {
  const { database, clock } = context
  const now = clock.now()
  return withPairing(database, typedCode, now, async (tx, pairing) => {
    const { site } = caller
    const settings = grantedSettings(caller, asked)
    const id = randomBytes(6).toString('hex')
    const counts = { version: 0, identifyCount: 0, reloadCount: 0 }
    const screen = { site, id, name, settings, approvedBy: caller.name, pairedAt: now, ...counts }
    await insertScreen(tx, screen)
    const expiresAt = Math.max(pairing.expiresAt, now + fetchWithinMs)
    await saveState(tx, { ...pairing, state: 'approved', site, screenId: id, expiresAt })
    const { address, device } = pairing
    await recordChange(tx, site, {
      changedAt: now,
      actor: actorOf(caller),
      action: 'screen.paired',
      subject: id,
      before: undefined,
      after: { name, settings, address, device },
    })
    return shown(context, screen)
  })
}

/** @throws AppError as `findPairing`. */
export function denyPairing({ database, clock }: ScreenContext, typedCode: string): Promise<void> {
  return withPairing(database, typedCode, clock.now(), (tx, pairing) => saveState(tx, { ...pairing, state: 'denied' }))
}

async function withPairing<T>(
  database: Database,
  userCode: string,
  now: number,
  work: (tx: Queryable, pairing: StoredPairing) => Promise<T>,
): Promise<T> {
  return database.transaction(async (tx) => {
    const pairing = await lockPairing(tx, 'userCode', userCode)
    if (pairing === undefined) throw new AppError('not_found', 'no screen shows this code', { field: 'userCode' })
    const { state } = pairing
    if (state === 'approved' || state === 'done') throw new AppError('already_used', 'this code has already been used')
    if (state === 'denied' || hasExpired(pairing, now))
      throw new AppError('code_expired', 'this code is no longer valid')
    return work(tx, pairing)
  })
}
