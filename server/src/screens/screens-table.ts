import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screens } from '@stagewatch/db/screens-schema.ts'
import { rowsAsTable } from '@stagewatch/db/write-columns.ts'
import { screenReport, screenSettings } from '@stagewatch/shared/contract/screen.ts'
import type { ScreenReport, ScreenSettings, ScreenSelf } from '@stagewatch/shared/contract/screen.ts'
import { and, eq, getTableColumns, isNull, or, sql } from 'drizzle-orm'

/** A screen, as stored in the database. Instants are epoch ms. */
export interface StoredScreen {
  readonly site: string
  readonly id: string
  readonly name: string
  readonly settings: ScreenSettings
  readonly approvedBy: string
  readonly pairedAt: number
  /** First use of its token; undefined while it is unknown whether the screen has received it. */
  readonly confirmedAt?: number
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

/** Identifies a screen in the whole database. */
export type ScreenKey = Pick<StoredScreen, 'site' | 'id'>

const { nextTokenHash: _nextTokenHash, ...columns } = getTableColumns(screens)

/** Condition for the row of a screen. */
export function isScreen({ site, id }: ScreenKey) {
  return and(eq(screens.site, site), eq(screens.id, id))
}

/** The screens of a site that were not revoked, in the order of pairing. */
export async function loadScreens(db: Queryable, site: string): Promise<StoredScreen[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(screens)
    .where(and(eq(screens.site, site), isNull(screens.revokedAt)))
    .orderBy(screens.pairedAt, screens.id)
  return rows.map(fromRow)
}

/** Those of the given screens that exist, including revoked ones. */
export async function loadScreensOf(db: Queryable, keys: readonly ScreenKey[]): Promise<StoredScreen[]> {
  const wanted = rowsAsTable(screens, keys, { site: ({ site }) => site, id: ({ id }) => id })
  const rows = await drizzleOn(db)
    .select(columns)
    .from(screens)
    .where(sql`(${screens.site}, ${screens.id}) in (select t.site, t.id from ${wanted})`)
  return rows.map(fromRow)
}

/** Locked until the transaction ends; undefined if there is none, or it was revoked. */
export async function lockScreen(tx: Queryable, key: ScreenKey): Promise<StoredScreen | undefined> {
  const [row] = await drizzleOn(tx)
    .select(columns)
    .from(screens)
    .where(and(isScreen(key), isNull(screens.revokedAt)))
    .for('update')
  return row === undefined ? undefined : fromRow(row)
}

/** Finds a screen by its token, including a new one that it has not used yet. */
export async function findScreenByHash(db: Queryable, tokenHash: string): Promise<StoredScreen | undefined> {
  const isToken = or(eq(screens.tokenHash, tokenHash), eq(screens.nextTokenHash, tokenHash))
  const [row] = await drizzleOn(db)
    .select(columns)
    .from(screens)
    .where(and(isToken, isNull(screens.revokedAt)))
  return row === undefined ? undefined : fromRow(row)
}

/** Inserts a screen that has no token yet. */
export async function insertScreen(
  tx: Queryable,
  { site, id, name, settings, approvedBy, pairedAt }: StoredScreen,
): Promise<void> {
  await drizzleOn(tx).insert(screens).values({ site, id, name, settings, approvedBy, pairedAt })
}

/** Stored values were validated when they were written; later releases may have more settings than earlier ones. */
function fromRow({ settings, report, ...row }: Omit<typeof screens.$inferSelect, 'nextTokenHash'>): StoredScreen {
  const present = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  const reported = screenReport.safeParse(report)
  return {
    ...(present as Omit<StoredScreen, 'settings' | 'report'>),
    settings: screenSettings.parse(settings),
    ...(reported.success && { report: reported.data }),
  }
}

/** The part of a screen that is sent to the screen itself. */
export function selfOf({ id, name, site, settings }: StoredScreen): ScreenSelf {
  return { id, name, site, settings }
}
