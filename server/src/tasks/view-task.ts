import type { TaskDetail, TaskView } from '@stagewatch/shared/contract/tasks.ts'
import { isInScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import { maskedText } from '@stagewatch/shared/domain/access/masked-name.ts'
import { departmentNamed } from '@stagewatch/shared/domain/departments.ts'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { stageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { TaskRules } from '@stagewatch/shared/domain/tasks/assign-tasks.ts'
import type { TaskActor } from '@stagewatch/shared/domain/tasks/task-state.ts'
import { pastTargetMs } from '@stagewatch/shared/domain/visit-status.ts'
import type { taskEntries } from '@stagewatch/db/tasks-schema.ts'
import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { customerName } from '../query/private-order.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import { mayAccept } from './move-task.ts'
import { taskOf } from './tasks-table.ts'
import type { TaskRow } from './tasks-table.ts'

const minuteMs = 60_000

/** The reader of tasks, and the data needed to describe tasks to them. */
export interface TaskReader {
  readonly pipeline: SitePipeline
  readonly actor: TaskActor
  readonly audience: Audience
  /** Whether the reader may move tasks at all. */
  readonly mayAct: boolean
  readonly rules: TaskRules
  /** Display names of people by id. */
  readonly names: ReadonlyMap<string, string>
  readonly now: number
}

type About = NonNullable<TaskView['about']>

/** State of the order of a task. Undefined: the task has no order, or a hidden one. */
function aboutOf({ orderId }: TaskRow, { pipeline: { engine }, audience, now }: TaskReader): About | undefined {
  const known = orderId === '' ? undefined : engine.order(orderId)
  if (known === undefined) return undefined
  const open = engine.open.get(known.openSlot)
  const { attributes } = known.head
  if (!isInScope(audience.departments, attributes, open?.visit)) return undefined
  const customer = attributes.customer === undefined ? {} : { customer: customerName(attributes.customer, audience) }
  if (open === undefined) return { ...customer, status: 'gone' }
  const { overdue, atRisk, stalled, onHold } = open.status
  const overMs = pastTargetMs(open.visit, open.state, open.sla, now)
  return {
    ...customer,
    status: stageState({ overdue, atRisk, stalled, onHold, unknown: false }),
    // Rounded to the minute, so that it is sent at most once a minute.
    ...(overMs !== undefined && { overMs: Math.floor(overMs / minuteMs) * minuteMs }),
  }
}

/** A task as the reader may see it: each field is assigned under its condition. */
export function viewOfTask(row: TaskRow, reader: TaskReader): TaskView {
  const { pipeline, actor, audience, mayAct, rules, names } = reader
  const task = taskOf(row)
  const about = aboutOf(row, reader)
  const isMine = actor.id !== undefined && task.assigneeId === actor.id
  const stageName = pipeline.engine.process(row.process)?.stage(row.stage)?.definition.name
  const named = (id: string) => {
    const name = audience.privacy.people === 'shown' || id === actor.id ? names.get(id) : undefined
    return { id: audience.privacy.people === 'shown' || id === actor.id ? id : '', ...(name !== undefined && { name }) }
  }
  const { handOver } = task
  const isAsked = row.state === 'unclaimed' && row.assigneeId !== null
  const isByRule =
    row.assignReason === 'onlyOne' || row.assignReason === 'fewestOpen' || row.assignReason === 'longestSince'
  return {
    id: row.id,
    revision: row.revision,
    title: shownText(row.title, row, reader),
    ...(row.titles !== null && { titles: shownTitles(row.titles, row, reader) }),
    state: row.state,
    stateSince: row.stateSince,
    createdAt: row.createdAt,
    sentBackCount: row.sentBackCount,
    mayDecide: mayAct && (isMine || actor.isManager),
    ...(row.orderId !== '' && { order: row.orderId }),
    ...(row.stage !== '' && { stage: row.stage }),
    ...(stageName !== undefined && { stageName }),
    ...(about !== undefined && { about }),
    ...(row.alertId !== null && { alert: row.alertId }),
    ...(row.alertEndedAt !== null && { alertEndedAt: row.alertEndedAt }),
    ...(row.department !== '' && { department: departmentKey(pipeline, row.department) }),
    ...(row.skill !== null && { skill: row.skill }),
    ...(row.assigneeId !== null && { assignee: named(row.assigneeId) }),
    ...(row.assignReason !== null && { assignReason: row.assignReason }),
    ...(isAsked &&
      isByRule &&
      row.assignedAt !== null && { escalatesAt: row.assignedAt + rules.confirmMinutes * minuteMs }),
    ...(handOver !== undefined && {
      handOver: {
        at: handOver.at,
        isForYou: mayAct && mayAccept(task, actor),
        ...(handOver.to.kind === 'person'
          ? { toPerson: named(handOver.to.id) }
          : { toDepartment: departmentKey(pipeline, handOver.to.id) }),
      },
    }),
    ...(row.waitingFor !== null && { waitingFor: shownText(row.waitingFor, row, reader) }),
    ...(row.nextUpdateAt !== null && { nextUpdateAt: row.nextUpdateAt }),
    ...(row.state === 'toVerify' && { isOwnWork: actor.id !== undefined && row.doneById === actor.id }),
    ...(row.closedAt !== null && { closedAt: row.closedAt }),
  }
}

type Entry = typeof taskEntries.$inferSelect

/** A history entry as the reader may see it. */
export function viewOfEntry(entry: Entry, row: TaskRow, reader: TaskReader): TaskDetail['history'][number] {
  const { at, kind, by, from, to, target, text, until, tookMs } = entry
  const showsPeople = reader.audience.privacy.people === 'shown'
  // The target of a hand-over may be a department, whose name is not hidden.
  const isDepartment = target !== null && departmentNamed(reader.pipeline.departments.now, target) !== undefined
  return {
    at,
    kind,
    ...(showsPeople && by !== null && { by }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(target !== null && (showsPeople || isDepartment) && { target }),
    ...(text !== null && { text: shownText(text, row, reader) }),
    ...(until !== null && { until }),
    ...(tookMs !== null && { tookMs }),
  }
}

/** Text that people wrote, without the names that the site hides. */
function shownText(text: string, { orderId }: TaskRow, { pipeline, names, audience }: TaskReader): string {
  const { privacy } = audience
  const customer = orderId === '' ? undefined : pipeline.engine.order(orderId)?.head.attributes.customer
  const people = privacy.people === 'team' ? [...names.values()] : []
  return maskedText(text, { customers: [customer], people }, privacy)
}

function shownTitles(titles: LocalText, row: TaskRow, reader: TaskReader): Record<string, string> {
  return Object.fromEntries(Object.entries(titles).map(([locale, text]) => [locale, shownText(text, row, reader)]))
}

function departmentKey({ departments }: SitePipeline, text: string): string {
  return departmentNamed(departments.now, text)?.key ?? text
}
