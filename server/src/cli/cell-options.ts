import type { EmptyWords } from '../ingest/files/cells/clean-cell.ts'
import { usualEmptyWords } from '../ingest/files/cells/clean-cell.ts'
import type { CellRules } from '../ingest/files/cells/column-readings.ts'
import { timePattern } from '../ingest/files/cells/time-pattern.ts'
import { UsageError } from './command.ts'

/** Options of every command that reads a file: how its cells are written. */
export const cellOptions = {
  'time-format': { type: 'string' },
  'decimal-comma': { type: 'boolean', default: false },
  null: { type: 'string', multiple: true },
} as const

export const cellHelp = `  --time-format PATTERN how times are written, such as 'dd.MM.yyyy HH:mm' or 'M/d/yy h:mm a',
                        where the file leaves open which is the day and which the month
  --decimal-comma       1,5 is one and a half (default: told from each column as a whole)
  --null WORD           cells with this word are empty, besides NULL and its like; may be repeated`

interface CellValues {
  readonly 'time-format'?: string | undefined
  readonly 'decimal-comma': boolean
  readonly null?: readonly string[] | undefined
}

/** @throws UsageError */
export function readCellRules(values: CellValues): Omit<CellRules, 'clock'> {
  return {
    timePattern: readPattern(values['time-format']),
    decimalSign: values['decimal-comma'] ? ',' : undefined,
    emptyWords: withMore(values.null ?? []),
  }
}

function readPattern(text: string | undefined): CellRules['timePattern'] {
  if (text === undefined) return undefined
  const outcome = timePattern(text)
  if (!outcome.ok) throw new UsageError(`--time-format ${outcome.message}`)
  return outcome.pattern
}

function withMore(words: readonly string[]): EmptyWords {
  if (words.length === 0) return usualEmptyWords
  return { ...usualEmptyWords, anywhere: new Set([...usualEmptyWords.anywhere, ...words.map((word) => word.trim())]) }
}
