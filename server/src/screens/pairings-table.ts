import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screenPairings } from '@stagewatch/db/screens-schema.ts'
import { eq, lt } from 'drizzle-orm'

/** A pending pairing, as stored in the database. Instants are epoch ms. */
export interface StoredPairing {
  readonly deviceHash: string
  readonly userCode: string
  readonly address: string
  readonly device: string
  readonly askedAt: number
  readonly expiresAt: number
  /** Null if the screen has not polled yet. */
  readonly polledAt: number | null
  readonly intervalS: number
  readonly state: 'pending' | 'approved' | 'denied' | 'done'
  readonly site: string | null
  readonly screenId: string | null
}

/** Maximum difference between the clocks of two servers. */
const clocksDifferMs = 60_000

/** A pairing started in the future counts as expired: the clock was set back, and it would be valid for too long. */
export function hasExpired({ askedAt, expiresAt }: Pick<StoredPairing, 'askedAt' | 'expiresAt'>, now: number): boolean {
  return expiresAt <= now || askedAt > now + clocksDifferMs
}

/** Stores a pairing, and deletes those that had expired by `sweptAt`. */
export async function insertPairing(
  tx: Queryable,
  pairing: Omit<StoredPairing, 'polledAt' | 'state' | 'site' | 'screenId'>,
  sweptAt: number,
): Promise<void> {
  await drizzleOn(tx).delete(screenPairings).where(lt(screenPairings.expiresAt, sweptAt))
  await drizzleOn(tx)
    .insert(screenPairings)
    .values({ ...pairing, state: 'pending' })
}

/** Locked until the transaction ends. */
export async function lockPairing(
  tx: Queryable,
  by: 'userCode' | 'deviceHash',
  value: string,
): Promise<StoredPairing | undefined> {
  const [row] = await drizzleOn(tx).select().from(screenPairings).where(eq(screenPairings[by], value)).for('update')
  return row
}

export async function savePolled(
  tx: Queryable,
  deviceHash: string,
  polledAt: number,
  intervalS: number,
): Promise<void> {
  await drizzleOn(tx)
    .update(screenPairings)
    .set({ polledAt, intervalS })
    .where(eq(screenPairings.deviceHash, deviceHash))
}

export async function saveState(
  tx: Queryable,
  { deviceHash, state, site, screenId, expiresAt }: Omit<StoredPairing, 'polledAt'>,
): Promise<void> {
  await drizzleOn(tx)
    .update(screenPairings)
    .set({ state, site, screenId, expiresAt })
    .where(eq(screenPairings.deviceHash, deviceHash))
}
