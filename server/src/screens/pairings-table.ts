import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'

/** A screen that asks to be let in, as the database has it. Instants are epoch ms. */
export interface StoredPairing {
  readonly deviceHash: string
  readonly userCode: string
  readonly address: string
  readonly device: string
  readonly askedAt: number
  readonly expiresAt: number
  /** Null: it has not asked yet. */
  readonly polledAt: number | null
  readonly intervalS: number
  readonly state: 'pending' | 'approved' | 'denied' | 'done'
  readonly site: string | null
  readonly screenId: string | null
}

const columns = `device_hash as "deviceHash", user_code as "userCode", address, device, state, site,
  screen_id as "screenId", interval_s as "intervalS", ${epochMs('asked_at')} as "askedAt",
  ${epochMs('expires_at')} as "expiresAt", ${epochMs('polled_at')} as "polledAt"`

/** Forgets the pairings that had expired by `sweptAt`. */
export async function insertPairing(
  tx: Queryable,
  pairing: Omit<StoredPairing, 'polledAt' | 'state' | 'site' | 'screenId'>,
  sweptAt: number,
): Promise<void> {
  const { deviceHash, userCode, address, device, askedAt, expiresAt, intervalS } = pairing
  await tx.query(`delete from screen_pairings where expires_at < ${toInstant('$1::float8')}`, [sweptAt])
  await tx.query(
    `insert into screen_pairings (device_hash, user_code, address, device, asked_at, expires_at, interval_s, state)
     values ($1, $2, $3, $4, ${toInstant('$5::float8')}, ${toInstant('$6::float8')}, $7, 'pending')`,
    [deviceHash, userCode, address, device, askedAt, expiresAt, intervalS],
  )
}

/** Locked until the transaction ends. */
export async function lockPairing(
  tx: Queryable,
  by: 'user_code' | 'device_hash',
  value: string,
): Promise<StoredPairing | undefined> {
  const [row] = await tx.query<StoredPairing>(`select ${columns} from screen_pairings where ${by} = $1 for update`, [
    value,
  ])
  return row
}

export async function savePolled(
  tx: Queryable,
  deviceHash: string,
  polledAt: number,
  intervalS: number,
): Promise<void> {
  await tx.query(
    `update screen_pairings set polled_at = ${toInstant('$2::float8')}, interval_s = $3 where device_hash = $1`,
    [deviceHash, polledAt, intervalS],
  )
}

export async function saveState(
  tx: Queryable,
  { deviceHash, state, site, screenId, expiresAt }: Omit<StoredPairing, 'polledAt'>,
): Promise<void> {
  await tx.query(
    `update screen_pairings set state = $2, site = $3, screen_id = $4, expires_at = ${toInstant('$5::float8')}
     where device_hash = $1`,
    [deviceHash, state, site, screenId, expiresAt],
  )
}
