import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import type { TapReading } from './tap-time.ts'

/** An action that somebody tapped and that the server has not answered yet, or has refused. */
export interface Report {
  /** Idempotency key of the request: the server applies the report once, however often it is sent. */
  readonly id: string
  readonly order: string
  /** The person who tapped it; it is never sent for anybody else. */
  readonly person: Person
  /** The stage that the order was in. Undefined if it was in none, or if the order could not be loaded. */
  readonly stage?: string | undefined
  /** The order was not in the cache of this device and the network was down. */
  readonly isUnseen?: boolean
  readonly action: ReportedAction
  readonly tap: TapReading
  /** Undefined while it waits to be sent. */
  readonly refusal?: Refusal
}

export interface Person {
  readonly id: string
  readonly name: string
  /** The site of a report where it was tapped, or else the person's default site on the server. */
  readonly site: string
}

export interface Refusal {
  /** Code in the server's answer. Undefined if it gave none. */
  readonly code?: string | undefined
  /** The field of the request that was refused. */
  readonly field?: string | undefined
}

/** More reports than one shift produces without a network. */
export const maxReports = 500

export function isFull(reports: readonly Report[]): boolean {
  return reports.length >= maxReports
}

/** Appends a report. @throws RangeError if there are too many: no report is dropped to make room for it. */
export function withReport(reports: readonly Report[], report: Report): readonly Report[] {
  if (isFull(reports)) throw new RangeError(`there are ${maxReports} reports already`)
  return [...reports, report]
}

export function withoutReport(reports: readonly Report[], id: string): readonly Report[] {
  return reports.filter((report) => report.id !== id)
}

/** The report keeps its place, so that it stays visible and can be sent again. */
export function withRefusal(reports: readonly Report[], id: string, refusal: Refusal): readonly Report[] {
  return reports.map((report) => (report.id === id ? { ...report, refusal } : report))
}

/** Marks the report to be sent again. */
export function withRetry(reports: readonly Report[], id: string): readonly Report[] {
  return reports.map(({ refusal, ...report }) =>
    report.id === id || refusal === undefined ? report : { ...report, refusal },
  )
}

/** Reports of this person that wait to be sent, in the order in which they were tapped. */
export function waitingOf(reports: readonly Report[], personId: string | undefined): readonly Report[] {
  return reports.filter(({ refusal, person }) => refusal === undefined && person.id === personId)
}

/** The effect of a report that the server has not applied yet. */
type Shown = Pick<Report, 'order' | 'stage' | 'action' | 'person' | 'refusal'> & { readonly at: number }

/** The order as it will be after the server has applied the waiting reports. */
export function orderAfter(order: OrderProgress, reports: readonly Shown[]): OrderProgress {
  return reports
    .filter((report) => report.order === order.order && report.refusal === undefined)
    .reduce((shown, report) => afterReport(shown, report), order)
}

function afterReport(whole: OrderProgress, { stage: acted, action, at, person }: Shown): OrderProgress {
  const order = inActivity(whole, acted)
  switch (action.action) {
    case 'start': {
      const stage = order.stage ?? action.stage ?? defaultNextStage(order)
      const entered = order.stage === undefined ? inStage(order, stage, at) : order
      return { ...entered, startedAt: entered.startedAt ?? at, owner: person.name, unclaimed: false }
    }
    case 'finish': {
      const going = order.alongside?.at(-1)
      if (going === undefined) return inStage(order, action.next ?? defaultNextStage(order), at)
      // The others go on, and the last of them decides where the order goes.
      const { alongside: others = [], ...rest } = inActivity(order, going.stage)
      const left = others.slice(0, -1)
      return { ...rest, ...(left.length > 0 && { alongside: left }) }
    }
    case 'hold':
      return { ...order, held: true, reason: action.reason, ...endOfHold(order, action.reason, at) }
    case 'resume':
      return { ...withoutHold(order), held: false }
  }
}

/** The order as seen from one of its activities, by the code of its stage; the other ones are alongside. */
export function inActivity(order: OrderProgress, stage: string | undefined): OrderProgress {
  const { alongside = [], stage: from, stageName = {}, enteredAt = 0, startedAt, owner } = order
  const chosen = from === stage ? undefined : alongside.find((one) => one.stage === stage)
  if (chosen === undefined || from === undefined) return order
  const current = { stage: from, stageName, enteredAt, startedAt, owner }
  return {
    ...inStage(order, undefined, 0),
    ...chosen,
    alongside: [...alongside.filter((one) => one !== chosen), current],
  }
}

/** The server ends a hold at the maximum duration of its reason, see `OrderProgress`. */
function endOfHold({ stages, stage }: OrderProgress, reason: string, at: number): Pick<OrderProgress, 'heldUntil'> {
  const { holdReasons = [], longestHoldsMs = [] } = stages.find((each) => each.stage === stage) ?? {}
  const place = holdReasons.findIndex((name) => Object.values(name).includes(reason))
  const maxMs = longestHoldsMs[place] ?? undefined
  return maxMs === undefined ? {} : { heldUntil: at + maxMs }
}

/** The stage that the order enters by default. Undefined if there is none, or if the user has to choose. */
function defaultNextStage(order: OrderProgress): string | undefined {
  const [first, second] = nextStagesOf(order).filter(({ isReturn }) => isReturn !== true)
  return second === undefined ? first?.stage : undefined
}

/**
 * The stages that the order may enter next; between stages, the next ones of its last stage, or the first stage of the
 * process. None while the order is in other stages as well, which go on.
 */
export function nextStagesOf({
  stages,
  stage,
  lastStage,
  alongside,
}: OrderProgress): OrderProgress['stages'][number]['next'] {
  if (alongside !== undefined) return []
  const from = stage ?? lastStage
  if (from === undefined) return stages.slice(0, 1).map((first) => ({ stage: first.stage }))
  return stages.find((known) => known.stage === from)?.next ?? []
}

/** Limits and owners of that stage are unknown. */
function inStage(order: OrderProgress, stage: string | undefined, at: number): OrderProgress {
  const {
    stage: from,
    stageName: _name,
    enteredAt: _enteredAt,
    startedAt: _startedAt,
    dueAt: _dueAt,
    overdueMs: _overdueMs,
    targetMs: _targetMs,
    owner: _owner,
    reason: _reason,
    ...rest
  } = order
  const known = order.stages.find((each) => each.stage === stage)
  const calm = { ...rest, overdue: false, atRisk: false, stalled: false, unclaimed: false }
  if (known === undefined) return { ...calm, ...(from !== undefined && { lastStage: from }) }
  if (known.isEnd === true) return { ...calm, status: 'completed' }
  return { ...calm, stage: known.stage, stageName: known.name, enteredAt: at }
}

function withoutHold({ heldUntil: _, ...order }: OrderProgress): OrderProgress {
  return order
}
