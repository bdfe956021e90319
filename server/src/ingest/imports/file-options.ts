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

/** A file, the meaning of its rows, and how to read its cells. */
export interface FileOptions extends CellRules {
  readonly path: string
  readonly table: TableOptions
  /** Undefined: inferred from the columns of the file. */
  readonly as: RowMeaning | undefined
  readonly source: string
  readonly process: string | undefined
  /** Columns chosen by the user. */
  readonly columns: ChosenColumns
  /** Whether rows of events that equal an earlier row in every cell count again. */
  readonly duplicates: RepeatedRowRule
  /**
   * An order number that occurs again this long after its order ended is a new order; undefined: always the same order.
   */
  readonly reuseAfterMs: number | undefined
  /** One row per order with its facts, rather than per event. */
  readonly orders: boolean
  /** One row per order, with a column for each milestone. */
  readonly wide: boolean
  /** Undefined: all columns of times except promises. */
  readonly milestones: ImportMapping['milestones'] | undefined
  /** A file with more stages is rejected. */
  readonly maxStages: number
  /** The mapping that the other options were derived from. */
  readonly mapping: ImportMapping
}

export interface ImportFileOptions extends FileOptions {
  /** Where rejected rows are written as CSV; undefined: not written. */
  readonly errorsPath: string | undefined
  /** Approximate maximum size of that file; undefined: unlimited. */
  readonly maxErrorsBytes?: number | undefined
  /** Whether to keep the first rows with their events. */
  readonly preview?: boolean
}

/**
 * The options for reading a file with a mapping.
 * @param usualSource default source if the mapping has none.
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

/** Merges two mappings; the second one takes precedence. */
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
