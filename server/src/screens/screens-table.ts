import { epochMs, toInstant } from '@stagewatch/db/database.ts'
import type { Queryable } from '@stagewatch/db/database.ts'
import { screenReport, screenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenReport, ScreenSettings } from '@stagewatch/shared/contract/screen.ts'

/** A screen as the database has it. Instants are epoch ms. */
export interface StoredScreen {
  readonly site: string
  readonly id: string
  readonly name: string
  readonly settings: ScreenSettings
  readonly approvedBy: string
  readonly pairedAt: number
  readonly revokedAt?: number
  readonly tokenHash?: string
  readonly tokenIssuedAt?: number
  readonly nextTokenIssuedAt?: number
  readonly version: number
  readonly identifyCount: number
  readonly reloadCount: number
  readonly lastSeenAt?: number
  readonly address?: string
  readonly report?: ScreenReport
}

/** Names a screen in the whole database. */
export type ScreenKey = Pick<StoredScreen, 'site' | 'id'>

const instants = ['paired_at', 'revoked_at', 'token_issued_at', 'next_token_issued_at', 'last_seen_at']
const columns = [
  'site, id, name, settings, approved_by as "approvedBy", token_hash as "tokenHash", version, address, report',
  'identify_count as "identifyCount", reload_count as "reloadCount"',
  ...instants.map(
    (column) => `${epochMs(column)} as "${column.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase())}"`,
  ),
].join(', ')

/** The screens of a site that were not revoked, in the order in which they were paired. */
export async function loadScreens(db: Queryable, site: string): Promise<StoredScreen[]> {
  const rows = await db.query(
    `select ${columns} from screens where site = $1 and revoked_at is null order by paired_at, id`,
    [site],
  )
  return rows.map(fromRow)
}

/** Those of several screens that exist, the revoked ones included. */
export async function loadScreensOf(db: Queryable, keys: readonly ScreenKey[]): Promise<StoredScreen[]> {
  const rows = await db.query(
    `select ${columns} from screens where (site, id) in (select * from unnest($1::text[], $2::text[]))`,
    [keys.map(({ site }) => site), keys.map(({ id }) => id)],
  )
  return rows.map(fromRow)
}

/** Locked until the transaction ends; undefined: there is none, or it was revoked. */
export async function lockScreen(tx: Queryable, { site, id }: ScreenKey): Promise<StoredScreen | undefined> {
  const [row] = await tx.query(
    `select ${columns} from screens where site = $1 and id = $2 and revoked_at is null for update`,
    [site, id],
  )
  return row === undefined ? undefined : fromRow(row)
}

/** By its token, also one that it has not used yet. */
export async function findScreenByHash(db: Queryable, tokenHash: string): Promise<StoredScreen | undefined> {
  const [row] = await db.query(
    `select ${columns} from screens where (token_hash = $1 or next_token_hash = $1) and revoked_at is null`,
    [tokenHash],
  )
  return row === undefined ? undefined : fromRow(row)
}

/** One that has no token yet. */
export async function insertScreen(
  tx: Queryable,
  { site, id, name, settings, approvedBy, pairedAt }: StoredScreen,
): Promise<void> {
  await tx.query(
    `insert into screens (site, id, name, settings, approved_by, paired_at)
     values ($1, $2, $3, $4::text::jsonb, $5, ${toInstant('$6::float8')})`,
    [site, id, name, JSON.stringify(settings), approvedBy, pairedAt],
  )
}

/** What the database holds was checked when it was written; later releases may have more settings than earlier ones. */
function fromRow(row: unknown): StoredScreen {
  const entries = Object.entries(row as Record<string, unknown>).filter(([, value]) => value !== null)
  const { settings, report, ...rest } = Object.fromEntries(
    entries.map(([name, value]) => [name, name.endsWith('At') ? Math.round(Number(value)) : value]),
  )
  const reported = screenReport.safeParse(report)
  return {
    ...(rest as Omit<StoredScreen, 'settings' | 'report'>),
    settings: screenSettings.parse(settings),
    ...(reported.success && { report: reported.data }),
  }
}
