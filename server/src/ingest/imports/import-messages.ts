import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder, ReadTable } from '@stagewatch/shared/contract/uploads.ts'
import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { FileProblem } from '@stagewatch/shared/contract/file-problem.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import type { DiscoveredProcess } from './discover-process.ts'
import type { EventResult } from './event-sender.ts'
import type { DecidedRows, ImportPhase } from './import-monitor.ts'

/** A file that a thread reads. */
export interface ReadTask {
  readonly path: string
  readonly order: ImportOrder
  /** The processes that the site has, for one that is discovered. */
  readonly known: ProcessList
  readonly dryRun: boolean
  /** Where the rows are written that are rejected; undefined: nowhere. */
  readonly errorsPath: string | undefined
}

/** How far the file was read. */
export interface ReadPosition {
  readonly phase: ImportPhase
  /** Of the file in this phase, 0..1. */
  readonly ratio: number
  readonly rows: number
  /** While rows are sent. */
  readonly decided: DecidedRows | undefined
}

/** An expected refusal, as it travels between threads. */
export interface Refused {
  readonly code: ProblemCode
  readonly message: string
  readonly details: FieldIssue[] | undefined
  /** Undefined: the file is not to blame. */
  readonly problem?: FileProblem | undefined
}

/** What became of events: of each as `packedStatus` tells it, and the results of those that were rejected. */
export interface PackedResults {
  readonly statuses: Uint8Array
  readonly rejected: readonly EventResult[]
}

/** `restated` ones are known with other facts. */
const resultStatuses = ['accepted', 'duplicate', 'rejected', 'acceptedRestated', 'duplicateRestated'] as const

/** What became of an event as one number. */
export function packedStatus(result: EventResult): number {
  if (result.status === 'rejected') return resultStatuses.indexOf('rejected')
  return resultStatuses.indexOf(result.restated ? `${result.status}Restated` : result.status)
}

/** Undefined: it was rejected. */
export function unpackedResult(packed: number, index: number): EventResult | undefined {
  switch (resultStatuses[packed]) {
    case 'accepted':
    case 'duplicate':
      return { index, status: resultStatuses[packed] }
    case 'acceptedRestated':
      return { index, status: 'accepted', restated: true }
    case 'duplicateRestated':
      return { index, status: 'duplicate', restated: true }
    default:
      return undefined
  }
}

/** What a thread tells the server. */
export type FromThread =
  | { readonly kind: 'position'; readonly position: ReadPosition }
  /** Asks to send events, which come as JSON in pieces: reading one keeps the server busy for a ms. */
  | { readonly kind: 'events'; readonly id: number; readonly pieces: readonly Uint8Array[] }
  /** Asks to save a process. */
  | { readonly kind: 'process'; readonly id: number; readonly discovered: DiscoveredProcess }
  /** Asks what the site knows of orders. */
  | { readonly kind: 'orders'; readonly id: number; readonly orders: readonly string[] }
  | { readonly kind: 'done'; readonly report: ImportReport }
  /** `table`: what is in the file, as far as it is one. */
  | { readonly kind: 'refused'; readonly refused: Refused; readonly table: ReadTable | undefined }

/** What the server answers a thread. */
export type ThreadAnswer =
  | { readonly kind: 'results'; readonly id: number; readonly results: PackedResults }
  | { readonly kind: 'saved'; readonly id: number }
  | { readonly kind: 'known'; readonly id: number; readonly orders: readonly (KnownOrder | undefined)[] }

/** What the server tells a thread. */
export type ToThread =
  | { readonly kind: 'stop' }
  | ThreadAnswer
  | { readonly kind: 'refusal'; readonly id: number; readonly refused: Refused }
