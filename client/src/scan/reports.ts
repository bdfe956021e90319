import type { ReportedAction } from '@stagewatch/shared/contract/order-action.ts'
import type { OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import type { TapReading } from './tap-time.ts'

/** What somebody has tapped and the server has not answered yet, or has refused. */
export interface Report {
  /** Of the request: the server does it once, however often it is sent. */
  readonly id: string
  readonly order: string
  /** Who tapped it; nobody else sends it. */
  readonly person: Person
  /** The stage that the order was in; undefined: in none, or nobody could see it. */
  readonly stage?: string | undefined
  /** Without a network, of an order that this device does not know. */
  readonly isUnseen?: boolean
  readonly action: ReportedAction
  readonly tap: TapReading
  /** Undefined: it waits to be sent. */
  readonly refusal?: Refusal
}

export interface Person {
  readonly id: string
  readonly name: string
  /** Of a report, where it was tapped; else the one that the server takes for the person's. */
  readonly site: string
}

export interface Refusal {
  /** Code of the server's answer; undefined: it gave none. */
  readonly code?: string | undefined
  /** Which field of the request it was about. */
  readonly field?: string | undefined
}

/** More than a shift taps without a network. */
export const maxReports = 500

export function isFull(reports: readonly Report[]): boolean {
  return reports.length >= maxReports
}

/** With another one at the end. @throws RangeError when there are too many: nothing that was tapped is given up for it. */
export function withReport(reports: readonly Report[], report: Report): readonly Report[] {
  if (isFull(reports)) throw new RangeError(`there are ${maxReports} reports already`)
  return [...reports, report]
}

export function withoutReport(reports: readonly Report[], id: string): readonly Report[] {
  return reports.filter((report) => report.id !== id)
}

/** It stays where it is, so that it is seen and can be sent again. */
export function withRefusal(reports: readonly Report[], id: string, refusal: Refusal): readonly Report[] {
  return reports.map((report) => (report.id === id ? { ...report, refusal } : report))
}

/** It waits to be sent again. */
export function withRetry(reports: readonly Report[], id: string): readonly Report[] {
  return reports.map(({ refusal, ...report }) =>
    report.id === id || refusal === undefined ? report : { ...report, refusal },
  )
}

/** Those that the person has tapped and that wait to be sent, in the order in which they did. */
export function waitingOf(reports: readonly Report[], personId: string | undefined): readonly Report[] {
  return reports.filter(({ refusal, person }) => refusal === undefined && person.id === personId)
}

/** What a report does, of those that the server has not counted in yet. */
type Shown = Pick<Report, 'order' | 'action' | 'person' | 'refusal'> & { readonly at: number }

/** The order as it will be when the server has taken what waits for it. */
export function orderAfter(order: OrderProgress, reports: readonly Shown[]): OrderProgress {
  return reports
    .filter((report) => report.order === order.order && report.refusal === undefined)
    .reduce((shown, report) => afterReport(shown, report), order)
}

function afterReport(order: OrderProgress, { action, at, person }: Shown): OrderProgress {
  switch (action.action) {
    case 'start': {
      const stage = order.stage ?? action.stage ?? usualStage(order)
      const entered = order.stage === undefined ? inStage(order, stage, at) : order
      return { ...entered, startedAt: entered.startedAt ?? at, owner: person.name, unclaimed: false }
    }
    case 'finish':
      return inStage(order, action.next ?? usualStage(order), at)
    case 'hold':
      return { ...order, held: true, reason: action.reason }
    case 'resume':
      return { ...withoutHold(order), held: false }
  }
}

/** Where the order comes by itself; undefined: nowhere, or somebody has to choose. */
function usualStage(order: OrderProgress): string | undefined {
  const [first, second] = waysOf(order).filter(({ isReturn }) => isReturn !== true)
  return second === undefined ? first?.stage : undefined
}

/** Where the order may go on from where it is; between stages, what it may start with. */
export function waysOf({ stages, stage, lastStage }: OrderProgress): OrderProgress['stages'][number]['next'] {
  const from = stage ?? lastStage
  if (from === undefined) return stages.slice(0, 1).map((first) => ({ stage: first.stage }))
  return stages.find((known) => known.stage === from)?.next ?? []
}

/** Nothing is known there of limits and owners. */
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
