import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { departments } from '@stagewatch/db/team-schema.ts'
import { maxHandoverNotes } from '@stagewatch/shared/contract/handover.ts'
import type {
  handoverConfirmation,
  handoverNoteRequest,
  HandoverSettings,
} from '@stagewatch/shared/contract/handover.ts'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { actorOf } from '../access/actor.ts'
import { recordChange } from '../access/changes-table.ts'
import { AppError } from '../platform/app-error.ts'
import { requireVersion } from '../platform/edit-version.ts'
import type { ExpectedVersion } from '../platform/edit-version.ts'
import { announceChange } from '../platform/site-changes.ts'
import { earliestToday } from '../team/change-team.ts'
import { loadMembers } from '../team/members-table.ts'
import { isOfTeam } from '../team/team-scope.ts'
import { mayConfirm, requireDepartment, requireHandover } from './describe-handovers.ts'
import type { HandoverReading } from './describe-handovers.ts'
import {
  addNote,
  deleteNote,
  findHandover,
  findNote,
  loadNotes,
  loadSettings,
  saveConfirmation,
  saveSettings,
  settingsOf,
} from './handovers-table.ts'

type Recorded = Pick<Parameters<typeof recordChange>[2], 'action' | 'subject' | 'before' | 'after'>

/** @throws AppError `not_found`, `conflict`; `invalid_field` for a lead who may not see the department. */
export async function changeSettings(
  acting: HandoverReading,
  key: string,
  after: HandoverSettings,
  expected: ExpectedVersion,
): Promise<void> {
  const { database, pipeline, now } = acting
  const { site } = pipeline
  const department = requireDepartment(acting, key)
  await database.transaction(async (tx) => {
    await lockDepartment(tx, site.code, department.key)
    const [stored] = await loadSettings(tx, site.code, department.key)
    const before = settingsOf(stored)
    requireVersion(expected, { current: before, yours: after })
    if (isDeepStrictEqual(before, after)) return
    const members = await loadMembers(tx, site.code, earliestToday(now))
    const texts = textsOf(department)
    const wrong = after.leads.findIndex((id) => {
      const member = members.find((one) => one.id === id)
      return member === undefined || !(member.departments === null || isOfTeam(member, texts))
    })
    if (wrong !== -1) {
      const message = 'is nobody who sees the department'
      throw new AppError('invalid_field', message, { field: `leads.${wrong}`, reason: 'wrong' })
    }
    await saveSettings(tx, site.code, department.key, after, now)
    await record(tx, acting, { action: 'handover.set-up', subject: department.key, before, after })
  })
}

/**
 * Writes a note for the next handover of a department, or for an unconfirmed one.
 * @param authorName the name shown to others. @throws AppError `not_found`, `conflict`, `invalid_field`.
 */
export async function writeNote(
  acting: HandoverReading,
  { department: key, text, handover }: z.infer<typeof handoverNoteRequest>,
  authorName: string,
): Promise<void> {
  const { database, pipeline, caller, now } = acting
  const site = pipeline.site.code
  const department = requireDepartment(acting, key)
  await database.transaction(async (tx) => {
    await lockDepartment(tx, site, department.key)
    const handoverId = handover ?? null
    const of = handover === undefined ? undefined : await requireOpen(tx, acting, handover)
    const known = await loadNotes(tx, site, of?.department ?? department.key, handoverId)
    if (known.length >= maxHandoverNotes) {
      const message = `a handover has at most ${maxHandoverNotes} notes`
      throw new AppError('invalid_field', message, { field: 'text', reason: 'too_many', limit: maxHandoverNotes })
    }
    const id = randomBytes(12).toString('hex')
    await addNote(tx, {
      site,
      id,
      department: of?.department ?? department.key,
      handoverId,
      at: now,
      text,
      authorId: caller.id ?? null,
      authorName,
    })
    await record(tx, acting, { action: 'handover.noted', subject: department.key, before: undefined, after: { id } })
  })
}

/** @throws AppError `not_found`, also for another author's note; `conflict` if its handover is confirmed. */
export async function removeNote(acting: HandoverReading, id: string): Promise<void> {
  const { database, pipeline, caller } = acting
  const site = pipeline.site.code
  await database.transaction(async (tx) => {
    const note = await findNote(tx, site, id)
    if (note === undefined || caller.id === undefined || note.authorId !== caller.id) {
      throw new AppError('not_found', 'there is no such note of yours', { field: 'id' })
    }
    if (note.handoverId !== null) {
      const handover = await findHandover(tx, site, note.handoverId, 'update')
      if (handover !== undefined && handover.confirmedAt !== null) throw alreadyConfirmed()
    }
    await deleteNote(tx, site, id)
    const subject = note.department
    await record(tx, acting, { action: 'handover.note-deleted', subject, before: { id }, after: undefined })
  })
}

/**
 * Confirms a handover. Idempotent for the same person.
 * @throws AppError `not_found`, `conflict`; `forbidden` for the person who hands over.
 */
export async function confirmHandover(
  acting: HandoverReading,
  id: number,
  { remark }: z.infer<typeof handoverConfirmation>,
): Promise<void> {
  const { database, pipeline, caller, now } = acting
  const site = pipeline.site.code
  await database.transaction(async (tx) => {
    const handover = await requireHandover(tx, acting, id, 'update')
    if (handover.confirmedAt !== null) {
      if (handover.confirmedBy === caller.id) return
      throw alreadyConfirmed()
    }
    if (!mayConfirm(caller, handover, await loadNotes(tx, site, handover.department, id))) {
      throw new AppError('forbidden', 'a handover is confirmed by who takes it over, not by who hands it over')
    }
    const confirmedBy = caller.id ?? null
    await saveConfirmation(tx, site, id, { confirmedAt: now, confirmedBy, remark: remark ?? null })
    const subject = handover.department
    const after = { handover: id }
    await record(tx, acting, { action: 'handover.confirmed', subject, before: undefined, after })
  })
}

async function requireOpen(tx: Queryable, acting: HandoverReading, id: number) {
  const handover = await requireHandover(tx, acting, id, 'update')
  if (handover.confirmedAt !== null) throw alreadyConfirmed()
  return handover
}

function alreadyConfirmed(): AppError {
  return new AppError('conflict', 'the handover has been confirmed', { field: 'id' })
}

/** Serializes changes to the handovers of a department. */
async function lockDepartment(tx: Queryable, site: string, key: string): Promise<void> {
  await drizzleOn(tx)
    .select({ key: departments.key })
    .from(departments)
    .where(and(eq(departments.site, site), eq(departments.key, key)))
    .for('update')
}

/** The audit log is never truncated, so free text is left out of it. */
async function record(tx: Queryable, { pipeline, caller, now }: HandoverReading, change: Recorded): Promise<void> {
  const site = pipeline.site.code
  await recordChange(tx, site, { changedAt: now, actor: actorOf(caller), ...change })
  await announceChange(tx, site, 'handovers')
}
