import type { Database } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { tasks } from '@stagewatch/db/tasks-schema.ts'
import type { TaskMoveRequest } from '@stagewatch/shared/contract/tasks.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { and, asc, eq, isNull } from 'drizzle-orm'
import { AppError } from '../platform/app-error.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { sampleSite } from '../platform/site.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { actOnTask } from '../tasks/move-task.ts'
import { concessionEvents, countConcessions } from './plant-concessions.ts'
import { departments } from './plant-staff.ts'
import { hourMs, minuteMs } from './plant-time.ts'
import { loadStaff } from './plant-team.ts'
import type { PlantMember } from './plant-team.ts'

export interface StaffOptions {
  readonly database: Database
  readonly pipeline: SitePipeline
  readonly clock: Clock
  /** Resolves when the events are durable. */
  readonly submit: (events: readonly OrderEvent[]) => Promise<void>
}

type Row = Pick<
  typeof tasks.$inferSelect,
  'id' | 'revision' | 'state' | 'stateSince' | 'alertEndedAt' | 'department'
> & {
  readonly assigneeId: string | null
  readonly doneById: string | null
}

/** So few that a visitor can follow them. */
const movesAtOnce = 3
/** Concessions that wait for visitors to decide. */
const waitingConcessions = 2
const shelvedShare = 4

/** What the staff does about its tasks from time to time, so that the board keeps moving, and the concessions it requests. */
export async function workOnce(options: StaffOptions): Promise<void> {
  const { database, clock } = options
  const now = clock.now()
  const staff = await loadStaff(database, now)
  const { id, revision, state, stateSince, alertEndedAt, department, assigneeId, doneById } = tasks
  const open = await drizzleOn(database)
    .select({ id, revision, state, stateSince, alertEndedAt, department, assigneeId, doneById })
    .from(tasks)
    .where(and(eq(tasks.site, sampleSite), isNull(tasks.closedAt)))
    .orderBy(asc(stateSince))
  let moved = 0
  for (const row of open) {
    const next = nextMove(row, staff, now)
    if (next === undefined) continue
    await move(options, next.by, row, next.move)
    moved += 1
    if (moved === movesAtOnce) break
  }
  await requestConcessions(options, staff)
}

/** Undefined: the task stays as it is for now. */
function nextMove(
  { id, state, stateSince, alertEndedAt, department, assigneeId, doneById }: Row,
  staff: readonly PlantMember[],
  now: number,
): { readonly by: PlantMember; readonly move: TaskMoveRequest } | undefined {
  const sinceMs = now - stateSince
  const assignee = staff.find(({ caller }) => caller.id === assigneeId)
  const isSettled = alertEndedAt !== null
  if (state === 'toVerify') {
    const other = staff.find(({ caller, department: own }) => own === department && caller.id !== doneById)
    return other !== undefined && sinceMs >= hourMs ? { by: other, move: { kind: 'verify' } } : undefined
  }
  if (assignee === undefined) return undefined
  switch (state) {
    case 'unclaimed':
      return sinceMs >= 5 * minuteMs ? { by: assignee, move: { kind: 'claim' } } : undefined
    case 'inProgress': {
      if (sinceMs >= 3 * hourMs || (isSettled && sinceMs >= 10 * minuteMs))
        return { by: assignee, move: { kind: 'submit' } }
      const isShelved = !isSettled && id % shelvedShare === 0 && sinceMs >= 30 * minuteMs
      return isShelved ? { by: assignee, move: waitFor(id, now) } : undefined
    }
    case 'waiting':
      return isSettled || sinceMs >= 6 * hourMs ? { by: assignee, move: { kind: 'resume' } } : undefined
    default:
      return undefined
  }
}

/** Waits for a delivery; its number reads the same in every language. */
export function waitFor(id: number, now: number): TaskMoveRequest {
  return { kind: 'wait', waitingFor: `PO 45000${18_000 + id}`, until: now + 5 * hourMs }
}

/** @returns whether the move was made: a visitor, or a rule, may have moved the task meanwhile. */
export async function move(
  { database, pipeline, clock }: Pick<StaffOptions, 'database' | 'pipeline' | 'clock'>,
  { caller, name }: PlantMember,
  { id, revision }: Pick<Row, 'id' | 'revision'>,
  what: TaskMoveRequest,
): Promise<boolean> {
  try {
    await actOnTask(caller, id, { revision, do: what }, { database, pipeline, clock, personName: name })
    return true
  } catch (error) {
    if (error instanceof AppError) return false
    throw error
  }
}

/** Keeps some concessions waiting for whoever decides in the desk. */
export async function requestConcessions(
  { database, clock, submit }: StaffOptions,
  staff: readonly PlantMember[],
): Promise<void> {
  const { all, waiting } = await countConcessions(database)
  const inspectors = staff.filter(({ department }) => department === departments.quality.name)
  for (let place = waiting; place < waitingConcessions; place++) {
    const inspector = inspectors[(all + place) % inspectors.length]
    if (inspector === undefined) return
    await submit(concessionEvents(all - waiting + place + 1, inspector.name, clock.now()))
  }
}
