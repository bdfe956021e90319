import type { RowMeaning } from '@stagewatch/shared/contract/import-mapping.ts'
import { shownValue } from './cells/clean-cell.ts'
import type { EventType } from '@stagewatch/shared/domain/order-event.ts'
import { eventTypes, isStageEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { ChosenColumns, Columns } from './find-columns.ts'
import { eventColumns, findColumns, requireColumns } from './find-columns.ts'
import { transitionOf } from './lifecycle.ts'
import type { OrderFacts } from './order-facts.ts'
import { readFacts } from './order-facts.ts'
import type { RowCells } from './row-cells.ts'
import type { RowReader, RowRules } from './row-reader.ts'
import { rowReader } from './row-reader.ts'

/**
 * Content of a row before it gets an identity. Instants are epoch ms; undefined if the row does not contain the value.
 */
export interface EventRow extends OrderFacts {
  /** 1 for the first data row. */
  readonly row: number
  readonly type: EventType
  readonly order: string
  /** Set exactly for stage events. */
  readonly stage: string | undefined
  readonly occurredAt: number
  readonly actor: string | undefined
  /** Set for an activity that may overlap with others and does not affect other stages. */
  readonly concurrent?: true
  /** When the activity began, if the row covers the whole activity. */
  readonly enteredAt?: number
  /** Distinguishes several activities of the same stage. */
  readonly instance?: string | undefined
  /** The activity was abandoned without being completed. */
  readonly abandoned?: true
  /** The stage that an event refers to if it is not a stage event. */
  readonly about?: string
  /** A transition that does not affect the order's stages. */
  readonly transition?: string | undefined
  /** The event id given by the file. */
  readonly eventId: string | undefined
  /** When work on a completed stage began; never after `occurredAt`. */
  readonly startedAt: number | undefined
  /** Whether a start of work was ignored because it is after the row's own time. */
  readonly startIgnored: boolean
}

export interface EventRowRules extends RowRules {
  /** Meaning of rows without an event type; undefined: see `proposedMeaning`. */
  readonly as?: RowMeaning | undefined
}

/**
 * Infers the meaning of rows from the columns of their file. If a column contains the start of work, the other time is
 * that of completion, so a row is an activity; if a column contains transitions, they determine what happened.
 */
export function proposedMeaning(columns: Columns<string>, hasTransitions: boolean): RowMeaning {
  if (columns['startedAt'] !== undefined) return 'activity'
  return columns['lifecycle'] !== undefined && hasTransitions ? 'lifecycle' : 'entered'
}

/** The columns without which no row of a file can be read: a row that says its type need not be of a stage. */
export function requiredColumns({ eventType }: Columns<'eventType'>): readonly ('order' | 'stage' | 'time')[] {
  return eventType === undefined ? ['order', 'stage', 'time'] : ['order', 'time']
}

/**
 * The columns of a file with this header.
 * @throws AppError if a required column is missing.
 */
export function eventFileColumns(
  header: readonly string[],
  chosen?: ChosenColumns,
): Columns<keyof typeof eventColumns> {
  const columns = findColumns(header, eventColumns, chosen)
  requireColumns(columns, requiredColumns(columns), eventColumns, header)
  return columns
}

/**
 * Creates a reader for the rows of a file with this header.
 * @throws AppError if a required column is missing.
 */
export function eventRowReader(header: readonly string[], rules: EventRowRules): RowReader<EventRow> {
  const columns = eventFileColumns(header, rules.columns)
  const meaning = rules.as ?? proposedMeaning(columns, rules.readings?.hasTransitions ?? true)
  const read = { entered: readPlain, completed: readPlain, activity: readActivity, lifecycle: readTransition }[meaning]
  return rowReader({ columns, width: header.length }, rules, (row, cells) => {
    const type = readType(cells)
    const said = type === undefined ? read(cells, meaning) : readTyped(cells, type)
    return { row, startedAt: undefined, startIgnored: false, ...said, ...readOrigin(cells), ...readFacts(cells) }
  })
}

type Cells = RowCells<keyof typeof eventColumns>
/** Content of a row except its facts. */
type Said = Pick<EventRow, 'type' | 'order' | 'stage' | 'occurredAt'> & Partial<EventRow>

function readPlain(cells: Cells, meaning: RowMeaning): Said {
  return readTyped(cells, meaning === 'completed' ? 'stage.completed' : 'stage.entered')
}

function readTyped(cells: Cells, type: EventType): Said {
  const order = cells.orderNumber('order')
  const stage = isStageEvent(type) ? cells.identifier('stage', 'text') : undefined
  const occurredAt = cells.requiredInstant('time')
  const startedAt = type === 'stage.completed' ? cells.instant('startedAt', { latest: occurredAt }) : undefined
  const startIgnored = startedAt !== undefined && startedAt > occurredAt
  return { type, order, stage, occurredAt, startedAt: startIgnored ? undefined : startedAt, startIgnored }
}

/** An activity from start to end; it is still in progress if there is no end. */
function readActivity(cells: Cells): Said {
  const order = cells.orderNumber('order')
  const stage = cells.identifier('stage', 'text')
  const endedAt = cells.knownInstant('time')
  const startedAt = cells.instant('startedAt', { latest: endedAt ?? -Infinity })
  const activity = { order, stage, concurrent: true, instance: cells.label('instance', 'code') } as const
  if (endedAt === undefined) {
    if (startedAt === undefined) cells.reject('missing_field', 'time', 'is empty, and so is the start')
    return { ...activity, type: 'stage.started', occurredAt: startedAt ?? 0 }
  }
  const done = { ...activity, type: 'stage.completed', occurredAt: endedAt } as const
  if (startedAt === undefined || startedAt > endedAt) return { ...done, startIgnored: startedAt !== undefined }
  return { ...done, startedAt, enteredAt: startedAt }
}

/** A lifecycle transition of an activity. */
function readTransition(cells: Cells): Said {
  const order = cells.orderNumber('order')
  const stage = cells.identifier('stage', 'text')
  const occurredAt = cells.requiredInstant('time')
  const text = cells.label('lifecycle', 'text')
  // Logs that only contain completions may leave the cell empty.
  const transition = transitionOf(text ?? 'complete')
  if (transition === undefined) {
    cells.leaveOut(
      'lifecycle',
      text ?? '',
      `${shownValue(text ?? '')} is no known transition: the row is kept as a note`,
    )
    return { type: 'note.added', order, stage: undefined, occurredAt, about: stage, transition: text }
  }
  const { type, isAbandoned } = transition
  if (!isStageEvent(type)) return { type, order, stage: undefined, occurredAt, about: stage, concurrent: true }
  const instance = cells.label('instance', 'code')
  return { type, order, stage, occurredAt, concurrent: true, instance, ...(isAbandoned && { abandoned: true }) }
}

function readOrigin(cells: Cells) {
  return { actor: cells.label('actor', 'text'), eventId: cells.label('eventId', 'code') }
}

function readType(cells: RowCells<keyof typeof eventColumns>): EventType | undefined {
  const text = cells.required('eventType', 'text')
  if (text === undefined) return undefined
  const type = eventTypes.find((known) => known === text)
  return type ?? cells.reject('invalid_field', 'eventType', `${shownValue(text)} is no event type`)
}
