import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { handoverNotes, handovers, handoverSettings } from '@stagewatch/db/handover-schema.ts'
import { handoversKeptDays } from '@stagewatch/shared/contract/handover.ts'
import type { HandoverSettings } from '@stagewatch/shared/contract/handover.ts'
import { and, asc, desc, eq, inArray, isNull, lt, lte, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { announceChange } from '../platform/site-changes.ts'

export type StoredHandover = typeof handovers.$inferSelect
export type StoredNote = typeof handoverNotes.$inferSelect
export type StoredSettings = typeof handoverSettings.$inferSelect
type NewHandover = Omit<StoredHandover, 'site' | 'id' | 'confirmedAt' | 'confirmedBy' | 'remark'>

/** Settings of a department that has stored none. */
export const usualSettings: HandoverSettings = { enabled: false, leads: [], confirmWithinMinutes: 30 }

export async function loadSettings(db: Queryable, site: string, department?: string): Promise<StoredSettings[]> {
  return drizzleOn(db)
    .select()
    .from(handoverSettings)
    .where(
      and(
        eq(handoverSettings.site, site),
        department === undefined ? undefined : eq(handoverSettings.department, department),
      ),
    )
    .orderBy(handoverSettings.department)
}

/** Settings in the form in which they are edited. */
export function settingsOf(stored: StoredSettings | undefined): HandoverSettings {
  if (stored === undefined) return usualSettings
  const { enabled, leads, confirmWithinMinutes } = stored
  return { enabled, leads: [...leads], confirmWithinMinutes }
}

/** @param now stored as the time of activation if handovers were switched off before. */
export async function saveSettings(
  tx: Queryable,
  site: string,
  department: string,
  settings: HandoverSettings,
  now: number,
): Promise<void> {
  await drizzleOn(tx)
    .insert(handoverSettings)
    .values({ site, department, ...settings, enabledAt: now })
    .onConflictDoUpdate({
      target: [handoverSettings.site, handoverSettings.department],
      set: {
        ...settings,
        enabledAt: sql`case when ${handoverSettings.enabled} then ${handoverSettings.enabledAt}
          else excluded.enabled_at end`,
      },
    })
}

/**
 * End of the last shift of a department that was handed over. Undefined: none was. Ignores handovers of shifts that
 * have not ended yet, because the clock was ahead when they were made.
 */
export async function lastHandedOver(
  db: Queryable,
  site: string,
  department: string,
  now: number,
): Promise<number | undefined> {
  const [row] = await drizzleOn(db)
    .select({ end: handovers.shiftEnd })
    .from(handovers)
    .where(and(eq(handovers.site, site), eq(handovers.department, department), lte(handovers.shiftEnd, now)))
    .orderBy(desc(handovers.shiftEnd))
    .limit(1)
  return row?.end
}

/**
 * Stores a handover, and attaches the notes that wait for it.
 * @returns its id. Undefined: another server instance has already stored a handover for this shift end.
 */
export async function addHandover(tx: Queryable, site: string, added: NewHandover): Promise<number | undefined> {
  const on = drizzleOn(tx)
  const [stored] = await on
    .insert(handovers)
    .values({ site, ...added })
    .onConflictDoNothing()
    .returning({ id: handovers.id })
  if (stored === undefined) return undefined
  await on
    .update(handoverNotes)
    .set({ handoverId: stored.id })
    .where(isNote(site, added.department, null))
  await announceChange(tx, site, 'handovers')
  return stored.id
}

/** Filter on the handovers of a site; `departments` undefined: all. */
interface HandoverChoice {
  readonly departments: readonly string[] | undefined
  /** Selects only handovers that are unconfirmed although their deadline passed by this instant, epoch ms. */
  readonly waitingAt?: number | undefined
}

function isChosen(site: string, { departments, waitingAt }: HandoverChoice): SQL | undefined {
  return and(
    eq(handovers.site, site),
    departments === undefined ? undefined : inArray(handovers.department, [...departments]),
    waitingAt === undefined ? undefined : and(isNull(handovers.confirmedAt), lte(handovers.confirmBy, waitingAt)),
  )
}

const noteCount = sql<number>`(select count(*) from ${handoverNotes} n
  where n.site = ${handovers}.site and n.department = ${handovers}.department
    and n.handover_id = ${handovers}.id)`.mapWith(Number)

/** Newest first. @param before id of a handover: returns only those after it in the list. */
export async function listHandovers(
  db: Queryable,
  site: string,
  choice: HandoverChoice,
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
): Promise<{ readonly handover: StoredHandover; readonly noteCount: number }[]> {
  const isBefore =
    before === undefined
      ? undefined
      : sql`(${handovers.shiftEnd}, ${handovers.id}) < (
          select h.shift_end, h.id from ${handovers} h where h.site = ${site} and h.id = ${before})`
  return drizzleOn(db)
    .select({ handover: handovers, noteCount })
    .from(handovers)
    .where(and(isChosen(site, choice), isBefore))
    .orderBy(desc(handovers.shiftEnd), desc(handovers.id))
    .limit(limit)
}

export async function countHandovers(db: Queryable, site: string, choice: HandoverChoice): Promise<number> {
  const count = sql`count(*)`.mapWith(Number)
  const [row] = await drizzleOn(db).select({ count }).from(handovers).where(isChosen(site, choice))
  return row?.count ?? 0
}

/** @param lock held until the transaction ends. */
export async function findHandover(
  db: Queryable,
  site: string,
  id: number,
  lock?: 'update',
): Promise<StoredHandover | undefined> {
  const asked = drizzleOn(db)
    .select()
    .from(handovers)
    .where(and(eq(handovers.site, site), eq(handovers.id, id)))
  const [row] = await (lock === undefined ? asked : asked.for(lock))
  return row
}

export async function saveConfirmation(
  tx: Queryable,
  site: string,
  id: number,
  confirmation: Pick<StoredHandover, 'confirmedAt' | 'confirmedBy' | 'remark'>,
): Promise<void> {
  await drizzleOn(tx)
    .update(handovers)
    .set(confirmation)
    .where(and(eq(handovers.site, site), eq(handovers.id, id)))
}

function isNote(site: string, department: string, handoverId: number | null): SQL | undefined {
  return and(
    eq(handoverNotes.site, site),
    eq(handoverNotes.department, department),
    handoverId === null ? isNull(handoverNotes.handoverId) : eq(handoverNotes.handoverId, handoverId),
  )
}

/** Notes of a handover, or notes that wait for the next one (null); oldest first. */
export async function loadNotes(
  db: Queryable,
  site: string,
  department: string,
  handoverId: number | null,
): Promise<StoredNote[]> {
  return drizzleOn(db)
    .select()
    .from(handoverNotes)
    .where(isNote(site, department, handoverId))
    .orderBy(asc(handoverNotes.at), asc(handoverNotes.id))
}

export async function addNote(tx: Queryable, note: StoredNote): Promise<void> {
  await drizzleOn(tx).insert(handoverNotes).values(note)
}

export async function findNote(db: Queryable, site: string, id: string): Promise<StoredNote | undefined> {
  const [row] = await drizzleOn(db)
    .select()
    .from(handoverNotes)
    .where(and(eq(handoverNotes.site, site), eq(handoverNotes.id, id)))
  return row
}

export async function deleteNote(tx: Queryable, site: string, id: string): Promise<void> {
  await drizzleOn(tx)
    .delete(handoverNotes)
    .where(and(eq(handoverNotes.site, site), eq(handoverNotes.id, id)))
}

/** Deletes old handovers with their notes; notes of departments without handovers have the same retention. */
export async function deleteOldHandovers(db: Queryable, now: number): Promise<void> {
  const before = now - handoversKeptDays * 86_400_000
  await drizzleOn(db).delete(handovers).where(lt(handovers.madeAt, before))
  await drizzleOn(db)
    .delete(handoverNotes)
    .where(and(isNull(handoverNotes.handoverId), lt(handoverNotes.at, before)))
}
