import type { Database, Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { memberships, users } from '@stagewatch/db/people-schema.ts'
import type {
  CurrentShift,
  HandoverContent,
  HandoverDetail,
  HandoverList,
  HandoverNote,
  HandoverSummary,
  HandoverSettingsView,
  handoversQuery,
} from '@stagewatch/shared/contract/handover.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import { departmentNamed, textsOf } from '@stagewatch/shared/domain/departments.ts'
import type { Department } from '@stagewatch/shared/domain/departments.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { and, eq, inArray } from 'drizzle-orm'
import type { z } from 'zod'
import { audienceOf } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { readAs } from '../access/read-as.ts'
import type { LiveEngine } from '../engine/live-engine.ts'
import { AppError } from '../platform/app-error.ts'
import { versionOf } from '../platform/edit-version.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { buildContent } from './build-content.ts'
import { promisedAfter } from './handovers.ts'
import { countHandovers, findHandover, listHandovers, loadNotes, loadSettings, settingsOf } from './handovers-table.ts'
import type { StoredHandover, StoredNote } from './handovers-table.ts'
import { withTranslations } from '../rules/with-translations.ts'

/** The caller who reads handovers, and the site they read. */
export interface HandoverReading {
  readonly database: Database
  readonly pipeline: SitePipeline
  readonly caller: Caller
  readonly now: number
}

type HandoversQuestion = Omit<z.infer<typeof handoversQuery>, 'site'>

/** Handovers that the caller may see, newest first. @throws AppError `not_found` for a hidden department. */
export async function describeHandovers(
  reading: HandoverReading,
  { department, state, before, limit }: HandoversQuestion,
): Promise<HandoverList> {
  const { database, pipeline, now } = reading
  const { site } = pipeline
  const departments =
    department === undefined ? seenTexts(reading) : [...textsOf(requireDepartment(reading, department))]
  const waitingAt = state === 'waiting' ? now : undefined
  const [rows, waitingCount] = await readAs(database, { site: site.code, departments }, async (tx) => [
    await listHandovers(tx, site.code, { departments, waitingAt }, { before, limit: limit + 1 }),
    await countHandovers(tx, site.code, { departments, waitingAt: now }),
  ])
  const page = rows.slice(0, limit)
  const names = await namesOf(reading, confirmersOf(page.map(({ handover }) => handover)))
  const list = {
    handovers: page.map(({ handover, noteCount }) => summaryOf(reading, handover, noteCount, names)),
    hasMore: rows.length > limit,
    waitingCount,
  }
  return withTranslations(list, pipeline.translations)
}

/** @throws AppError `not_found`, also for a handover of a hidden department. */
export async function describeHandover(reading: HandoverReading, id: number): Promise<HandoverDetail> {
  const { database, pipeline, caller, now } = reading
  const { site, engine, privacy } = pipeline
  const [handover, notes] = await readAs(database, { site: site.code, departments: seenTexts(reading) }, async (tx) => {
    const found = await requireHandover(tx, reading, id)
    return [found, await loadNotes(tx, site.code, found.department, id)]
  })
  const names = await namesOf(reading, [...handover.toldIds, ...confirmersOf([handover])])
  const shown = audienceOf(caller, privacy.now).privacy
  const { nextStart, nextEnd, remark } = handover
  const masked = textsWithoutNames(handover.content, notes, engine, shown)
  const isOpen = handover.confirmedAt === null
  const described = {
    ...summaryOf(reading, handover, notes.length, names),
    ...(nextStart !== null && nextEnd !== null && { next: { start: nextStart, end: nextEnd } }),
    missed: [...handover.missed],
    content: viewOfContent(handover.content, engine, shown, masked),
    notes: notes.map((note) => viewOfNote(note, caller, shown, masked, isOpen)),
    ...(shown.people === 'shown' && { told: handover.toldIds.flatMap((person) => names.get(person) ?? []) }),
    confirmBy: handover.confirmBy,
    ...(remark !== null && { remark: masked(remark) }),
    mayConfirm: isOpen && mayConfirm(caller, handover, notes),
    mayNote: isOpen && caller.kind === 'person' && caller.actions.has('orders.act'),
    asOf: now,
  }
  return withTranslations(described, pipeline.translations)
}

/** The state of a department's current shift. @throws AppError `not_found` for a hidden department. */
export async function describeShift(reading: HandoverReading, key: string): Promise<CurrentShift> {
  const { database, pipeline, caller, now } = reading
  const { site, engine, privacy } = pipeline
  const department = requireDepartment(reading, key)
  const { calendars } = engine.rules
  const { ended, current, next } = calendars.shiftsAround(department.key, now)
  const shift = current ?? next
  const following = shift && calendars.shiftsAround(department.key, shift.start).next
  const source = { database, site: site.code, engine, department: textsOf(department) }
  const from = ended?.end ?? shift?.start ?? now
  const period = {
    from: Math.min(from, now),
    to: now + 1,
    promised:
      shift === undefined ? { start: now, end: now } : promisedAfter(calendars, department.key, shift, following),
  }
  const content = await buildContent(source, period, now)
  const shown = audienceOf(caller, privacy.now).privacy
  const [stored] = await loadSettings(database, site.code, department.key)
  const notes = await loadNotes(database, site.code, department.key, null)
  const masked = textsWithoutNames(content, notes, engine, shown)
  const described = {
    department: department.key,
    departmentName: department.name,
    ...(shift !== undefined && { shift }),
    isWorking: current !== undefined,
    ...(following !== undefined && { next: following }),
    content: viewOfContent(content, engine, shown, masked),
    notes: notes.map((note) => viewOfNote(note, caller, shown, masked, true)),
    isHandedOver: settingsOf(stored).enabled,
    mayNote: caller.kind === 'person' && caller.actions.has('orders.act'),
    maySet: caller.actions.has('team.manage'),
    asOf: now,
  }
  return withTranslations(described, pipeline.translations)
}

/** @throws AppError `not_found` for a hidden department. */
export async function describeSettings(reading: HandoverReading, key: string): Promise<HandoverSettingsView> {
  const { database, pipeline, caller } = reading
  const department = requireDepartment(reading, key)
  const [stored] = await loadSettings(database, pipeline.site.code, department.key)
  const settings = settingsOf(stored)
  const names = await namesOf(reading, settings.leads)
  const isNamed = audienceOf(caller, pipeline.privacy.now).privacy.people === 'shown'
  return {
    ...settings,
    ...(isNamed && { leadNames: settings.leads.map((id) => names.get(id) ?? '') }),
    version: versionOf(settings),
  }
}

/**
 * Whether somebody may confirm a handover: people who were notified of it, and people who manage orders unless they led
 * the shift that ended. Authors of its notes may not.
 */
export function mayConfirm(
  { kind, id, actions }: Caller,
  { fromIds, toldIds }: Pick<StoredHandover, 'fromIds' | 'toldIds'>,
  notes: readonly Pick<StoredNote, 'authorId'>[],
): boolean {
  if (kind !== 'person' || id === undefined || notes.some(({ authorId }) => authorId === id)) return false
  return toldIds.includes(id) || (actions.has('orders.manage') && !fromIds.includes(id))
}

/** All texts of the departments that the caller may see. Undefined: all departments. */
function seenTexts({ pipeline, caller }: HandoverReading): readonly string[] | undefined {
  const { departments: scope } = caller
  if (scope === undefined) return undefined
  return pipeline.departments.now
    .map(textsOf)
    .filter((texts) => texts.some((text) => scope.includes(text)))
    .flat()
}

/** A managed department that the caller may see. @throws AppError `not_found`. */
export function requireDepartment(
  { pipeline, caller }: Pick<HandoverReading, 'pipeline' | 'caller'>,
  key: string,
): Department {
  const found = departmentNamed(pipeline.departments.now, key)
  const { departments: scope } = caller
  if (found !== undefined && (scope === undefined || textsOf(found).some((text) => scope.includes(text)))) return found
  throw new AppError('not_found', 'there is no such department', { field: 'department' })
}

/** @throws AppError `not_found`, also for a handover of a hidden department. */
export async function requireHandover(
  db: Queryable,
  reading: HandoverReading,
  id: number,
  lock?: 'update',
): Promise<StoredHandover> {
  const found = await findHandover(db, reading.pipeline.site.code, id, lock)
  const texts = seenTexts(reading)
  if (found !== undefined && (texts === undefined || texts.includes(found.department))) return found
  throw new AppError('not_found', 'there is no such handover', { field: 'id' })
}

function confirmersOf(handovers: readonly Pick<StoredHandover, 'confirmedBy'>[]): string[] {
  return handovers.flatMap(({ confirmedBy }) => confirmedBy ?? [])
}

/** Names of the site's people by id. */
async function namesOf(
  { database, pipeline }: HandoverReading,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await drizzleOn(database)
    .select({ id: users.id, name: users.name })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(and(eq(memberships.site, pipeline.site.code), inArray(users.id, [...new Set(ids)])))
  return new Map(rows.map(({ id, name }) => [id, name]))
}

function summaryOf(
  { pipeline, caller, now }: HandoverReading,
  handover: StoredHandover,
  noteCount: number,
  names: ReadonlyMap<string, string>,
): HandoverSummary {
  const { id, department, shiftStart, shiftEnd, madeAt, content, confirmedAt, confirmedBy, confirmBy } = handover
  const isNamed = audienceOf(caller, pipeline.privacy.now).privacy.people === 'shown'
  const name = confirmedBy === null ? undefined : names.get(confirmedBy)
  const known = departmentNamed(pipeline.departments.now, department)
  return {
    id,
    department: known?.key ?? department,
    departmentName: known?.name ?? { en: department },
    shift: { start: shiftStart, end: shiftEnd },
    madeAt,
    turnedOverdueCount: content.turnedOverdue.total,
    resolvedCount: content.turnedOverdue.resolvedCount,
    stuckCount: content.stuck.total,
    promisedCount: content.promised.total,
    noteCount,
    ...(confirmedAt !== null && { confirmedAt }),
    ...(isNamed && name !== undefined && { confirmedBy: name }),
    isOverdue: confirmedAt === null && confirmBy <= now,
  }
}

/** The stored content contains all names; the view contains them only at sites that show names. */
function viewOfContent(
  { turnedOverdue, stuck, promised, openAlerts, openTasks }: HandoverContent,
  engine: LiveEngine,
  { people }: Privacy,
  masked: (text: string) => string,
): HandoverContent {
  const isNamed = people === 'shown'
  const placed = <T extends { process: string; stage: string; owner?: string | undefined }>({ owner, ...order }: T) => {
    const stageName = engine.process(order.process)?.stage(order.stage)?.definition.name
    return {
      ...order,
      ...(stageName !== undefined && { stageName }),
      ...(isNamed && owner !== undefined && { owner }),
    }
  }
  return {
    turnedOverdue: { ...turnedOverdue, orders: turnedOverdue.orders.map(placed) },
    stuck: {
      ...stuck,
      orders: stuck.orders.map(placed).map(({ ownerSince, ...order }) => ({
        ...order,
        ...(isNamed && ownerSince !== undefined && { ownerSince }),
      })),
    },
    promised: { ...promised, orders: promised.orders.map(placed) },
    openAlerts: {
      ...openAlerts,
      alerts: openAlerts.alerts.map(({ acknowledgedBy, ...alert }) => ({
        ...alert,
        ...(isNamed && acknowledgedBy !== undefined && { acknowledgedBy }),
      })),
    },
    openTasks: {
      ...openTasks,
      tasks: openTasks.tasks.map(({ assignee, titles, ...task }) => ({
        ...task,
        title: masked(task.title),
        ...(titles !== undefined && {
          titles: Object.fromEntries(Object.entries(titles).map(([locale, text]) => [locale, masked(text)])),
        }),
        ...(isNamed && assignee !== undefined && { assignee }),
      })),
    },
  }
}

/** Hides the names of the handover's customers and people in text that people wrote, as far as the site hides them. */
function textsWithoutNames(
  { turnedOverdue, stuck, promised, openAlerts, openTasks }: HandoverContent,
  notes: readonly StoredNote[],
  engine: LiveEngine,
  privacy: Privacy,
): (text: string) => string {
  const placed = [...turnedOverdue.orders, ...stuck.orders, ...promised.orders]
  const orders = [...placed, ...openAlerts.alerts, ...openTasks.tasks].map(({ order }) => order)
  const names = {
    customers: orders.map((order) => (order === undefined ? undefined : engine.order(order)?.head.attributes.customer)),
    people: [
      ...placed.map(({ owner }) => owner),
      ...openAlerts.alerts.map(({ acknowledgedBy }) => acknowledgedBy),
      ...openTasks.tasks.map(({ assignee }) => assignee),
      ...notes.map(({ authorName }) => authorName),
    ],
  }
  return (text) => maskedText(text, names, privacy)
}

function viewOfNote(
  { id, at, text, authorId, authorName }: StoredNote,
  caller: Caller,
  { people }: Privacy,
  masked: (text: string) => string,
  isOpen: boolean,
): HandoverNote {
  return {
    id,
    at,
    text: masked(text),
    ...(people === 'shown' && { author: authorName }),
    isOwn: isOpen && caller.kind === 'person' && authorId === caller.id,
  }
}
