import type { FieldReason } from '@stagewatch/shared/contract/field-issue.ts'
import type { ImportMapping, RepeatedRowRule, RowMeaning } from '@stagewatch/shared/contract/import-mapping.ts'
import { maxStages } from '@stagewatch/shared/contract/process.ts'
import { AppError } from '../../platform/app-error.ts'
import { emptyWordsWith } from '../files/cells/clean-cell.ts'
import type { CellRules } from '../files/cells/column-readings.ts'
import { timePattern } from '../files/cells/time-pattern.ts'
import { ZonedClock } from '../files/cells/zoned-clock.ts'
import type { ChosenColumns } from '../files/find-columns.ts'
import { knownExports } from '../files/known-exports.ts'
import { isEncoding } from '../tables/open-table.ts'
import type { TableOptions } from '../tables/table-file.ts'

/** A file, what its rows mean, and how its cells are read. */
export interface FileOptions extends CellRules {
  readonly path: string
  readonly table: TableOptions
  /** Undefined: it is proposed from the columns of the file. */
  readonly as: RowMeaning | undefined
  readonly source: string
  readonly process: string | undefined
  /** Which column is which, as somebody has said. */
  readonly columns: ChosenColumns
  /** Whether rows of events that equal an earlier one in every cell count again. */
  readonly duplicates: RepeatedRowRule
  /** An order number that comes again so long after its order has ended is another order; undefined: it is the same. */
  readonly reuseAfterMs: number | undefined
  /** A row per order with its facts, not per event. */
  readonly orders: boolean
  /** A row per order with a column for each of its milestones. */
  readonly wide: boolean
  /** Undefined: all columns of times that are no promise. */
  readonly milestones: ImportMapping['milestones'] | undefined
  /** A file that names more stages is refused. */
  readonly maxStages: number
  /** What was said, from which the rest follows. */
  readonly mapping: ImportMapping
}

export interface ImportFileOptions extends FileOptions {
  /** Where the rejected rows are written as CSV; undefined: nowhere. */
  readonly errorsPath: string | undefined
  /** That file has no more bytes, about; undefined: as many as it takes. */
  readonly maxErrorsBytes?: number | undefined
  /** Keeps the first rows beside their events. */
  readonly preview?: boolean
}

/**
 * How a file is read by a mapping.
 * @param usualSource where the mapping names none.
 * @throws AppError `invalid_field` with the field of the mapping.
 */
export function fileOptionsOf(path: string, mapping: ImportMapping, usualSource = 'import'): FileOptions {
  const { encoding, delimiter, quote, skipLines, sheet } = mapping
  requireEncoding(encoding)
  requirePreset(mapping.preset)
  return {
    path,
    table: { encoding, delimiter, quote, skipLines, sheet },
    as: mapping.as,
    duplicates: mapping.duplicates ?? 'once',
    reuseAfterMs: mapping.reuseAfter === undefined ? undefined : durationMs(mapping.reuseAfter),
    source: mapping.source ?? usualSource,
    process: mapping.process,
    columns: new Map(Object.entries(mapping.columns ?? {})),
    clock: mapping.timezone === undefined ? undefined : clockOf(mapping.timezone),
    timePattern: mapping.timeFormat === undefined ? undefined : patternOf(mapping.timeFormat),
    decimalSign: mapping.decimalComma === true ? ',' : undefined,
    emptyWords: emptyWordsWith(mapping.nulls ?? []),
    orders: mapping.rows === 'orders',
    wide: mapping.rows === 'wide',
    milestones: mapping.milestones,
    maxStages: mapping.maxStages ?? maxStages,
    mapping,
  }
}

/** Both together; where they differ, the second holds. */
export function mergedMapping(mapping: ImportMapping, over: ImportMapping): ImportMapping {
  const columns = { ...mapping.columns, ...over.columns }
  return { ...mapping, ...over, ...(Object.keys(columns).length > 0 && { columns }) }
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * (unitMs[text.at(-1) ?? ''] ?? 0)
}

function requireEncoding(encoding: string | undefined): void {
  if (encoding === undefined || isEncoding(encoding)) return
  throw refused(
    'encoding',
    'not_offered',
    `takes a name such as utf-8, gb18030, big5, shift_jis or windows-1252, not ${encoding}`,
  )
}

function requirePreset(preset: string | undefined): void {
  const names = ['none', ...knownExports.map(({ name }) => name)]
  if (preset === undefined || names.includes(preset)) return
  throw refused('preset', 'not_offered', `takes one of ${names.join(', ')}, not ${preset}`)
}

function clockOf(zone: string): ZonedClock {
  try {
    return new ZonedClock(zone)
  } catch {
    throw refused('timezone', 'not_zone', `takes a name such as Asia/Shanghai or Europe/Berlin, not ${zone}`)
  }
}

function patternOf(text: string): CellRules['timePattern'] {
  const outcome = timePattern(text)
  if (!outcome.ok) throw refused('timeFormat', 'wrong_form', outcome.message)
  return outcome.pattern
}

function refused(field: keyof ImportMapping, reason: FieldReason, message: string): AppError {
  return new AppError('invalid_field', message, { field, reason })
}
