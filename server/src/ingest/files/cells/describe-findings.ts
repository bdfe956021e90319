import { possibleFormats } from './time-evidence.ts'
import type { NumberFindings } from './number-column.ts'
import type { SurveyFindings } from './survey-columns.ts'
import type { TimeFindings } from './time-survey.ts'

/** What a person should check about how columns were read, a line each; nothing about plain ones. */
export function describeFindings({ times, numbers }: SurveyFindings): string[] {
  return [
    ...[...times.values()].flatMap(({ column, findings }) => describeTimes(column, findings)),
    ...[...numbers.values()].flatMap(({ column, findings }) => describeNumbers(column, findings)),
  ]
}

function describeTimes(column: string, { shapes, undecided }: TimeFindings): string[] {
  const [first] = shapes
  if (first === undefined || (shapes.length === 1 && first.shape === 'year first')) return []
  const doubts = new Map(undecided.map(({ form, doubt }) => [form, doubt]))
  const parts = shapes.map(({ shape, rows }) => {
    const doubt = doubts.get(shape)
    return doubt === undefined ? `${cells(rows)} ${shape}` : `${cells(rows)} ${possibleFormats(shape)} (${doubt})`
  })
  return [`${column}: times read as ${parts.join(', ')}`]
}

function describeNumbers(column: string, { openAs, openRows, examples }: NumberFindings): string[] {
  if (openAs === undefined || openAs === 'not at all') return []
  const [example] = examples
  const such = example === undefined ? '' : ` such as ${example.value}`
  return [
    `${column}: ${cells(openRows)}${such} may have decimals or thousands, read as ${openAs}; else say --decimal-comma`,
  ]
}

function cells(count: number): string {
  return count === 1 ? '1 cell' : `${count} cells`
}
