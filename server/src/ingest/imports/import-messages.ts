import type { ProcessList } from '@stagewatch/shared/contract/admin.ts'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder, ReadTable } from '@stagewatch/shared/contract/uploads.ts'
import type { FieldIssue } from '@stagewatch/shared/contract/field-issue.ts'
import type { FileProblem } from '@stagewatch/shared/contract/file-problem.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { KnownOrder } from '../files/order-generations.ts'
import type { DiscoveredProcess } from './discover-process.ts'
import type { EventResult, EventSender } from './event-sender.ts'
import type { DecidedRows, ImportPhase } from './import-monitor.ts'
import type { PackedEvents } from './packed-events.ts'

/** The task of a thread that reads a file. */
export interface ReadTask {
  readonly path: string
  readonly order: ImportOrder
  readonly dryRun: boolean
  /** Whether the report contains the first rows with their events. */
  readonly preview: boolean
  /** Where rejected rows are written; undefined: not written. */
  readonly errorsPath: string | undefined
  /** Approximate maximum size of that file; undefined: unlimited. */
  readonly maxErrorsBytes: number | undefined
}

/** What the thread has to know of the site before it sends anything. */
export interface ReadTarget {
  /** The processes of the site, for discovering a process; undefined if it does not exist. */
  readonly known: ProcessList | undefined
  readonly limits: Pick<EventSender, 'maxEvents' | 'maxCharacters'>
  /** See `OrderFinder`. */
  readonly mostAsked: number | undefined
}

/** How much of the file has been read. */
export interface ReadPosition {
  readonly phase: ImportPhase
  /** Share of the file read in this phase, 0..1. */
  readonly ratio: number
  readonly rows: number
  /** Set while rows are sent. */
  readonly decided: DecidedRows | undefined
}

/** An expected error, serialized for sending between threads. */
export interface Refused {
  readonly code: ProblemCode
  readonly message: string
  readonly field?: string
  readonly details: FieldIssue[] | undefined
  /** Undefined if the file is not the cause. */
  readonly problem?: FileProblem | undefined
}

/** Outcome of events: the `packedStatus` of each, and the results of the rejected ones. */
export interface PackedResults {
  readonly statuses: Uint8Array
  readonly rejected: readonly EventResult[]
}

/** `restated` events already exist with other facts. */
const resultStatuses = ['accepted', 'duplicate', 'rejected', 'acceptedRestated', 'duplicateRestated'] as const

/** Outcome of an event as one number. */
export function packedStatus(result: EventResult): number {
  if (result.status === 'rejected') return resultStatuses.indexOf('rejected')
  return resultStatuses.indexOf(result.restated ? `${result.status}Restated` : result.status)
}

/** Undefined if the event was rejected. */
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

/** Messages from a thread to the server. */
export type FromThread =
  | { readonly kind: 'position'; readonly position: ReadPosition }
  /** The file has been surveyed: requests the site that receives its rows. */
  | { readonly kind: 'surveyed'; readonly id: number; readonly rows: number }
  /** Requests to send events. They come in pieces, because unpacking one piece blocks the server for less than a ms. */
  | { readonly kind: 'events'; readonly id: number; readonly pieces: readonly PackedEvents[] }
  /** Requests to save a process. */
  | { readonly kind: 'process'; readonly id: number; readonly discovered: DiscoveredProcess }
  /** Requests what the site has recorded about orders. */
  | { readonly kind: 'orders'; readonly id: number; readonly orders: readonly string[] }
  | { readonly kind: 'done'; readonly report: ImportReport }
  /** `table`: the content of the file, as far as it could be parsed as a table. */
  | { readonly kind: 'refused'; readonly refused: Refused; readonly table: ReadTable | undefined }

/** Answers of the server to a thread. */
export type ThreadAnswer =
  | { readonly kind: 'target'; readonly id: number; readonly target: ReadTarget }
  | { readonly kind: 'results'; readonly id: number; readonly results: PackedResults }
  | { readonly kind: 'saved'; readonly id: number }
  | { readonly kind: 'known'; readonly id: number; readonly orders: readonly (KnownOrder | undefined)[] }

/** Messages from the server to a thread. */
export type ToThread =
  | { readonly kind: 'stop' }
  | ThreadAnswer
  | { readonly kind: 'refusal'; readonly id: number; readonly refused: Refused }
