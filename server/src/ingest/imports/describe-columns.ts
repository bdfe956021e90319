import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { plural, shownText } from '../../platform/english-text.ts'
import type { SurveyFindings } from '../files/cells/survey-columns.ts'
import { possibleFormats } from '../files/cells/time-evidence.ts'

type ColumnsRead = Pick<ImportReport, 'times' | 'numbers'>

/** Machine-readable form of how the columns of times and numbers were read. */
export function columnsRead({ times, numbers }: SurveyFindings): ColumnsRead {
  return {
    times: [...times].map(
      ([
        name,
        {
          column,
          findings: { undecided, ...rest },
        },
      ]) => ({
        ...rest,
        name,
        header: shownText(column),
        undecided: undecided.flatMap(({ form, doubt, openRows }) =>
          doubt === undefined ? [] : [{ form, formats: possibleFormats(form), doubt, rows: openRows }],
        ),
      }),
    ),
    numbers: [...numbers].map(([name, { column, findings }]) => ({ ...findings, name, header: shownText(column) })),
  }
}

/** What the user should check about these columns, one line each; empty for unambiguous columns. */
export function describeColumns({ times, numbers }: ColumnsRead): string[] {
  return [...times.flatMap(describeTimes), ...numbers.flatMap(describeNumbers)]
}

function describeTimes({ header, shapes, undecided, areRounded }: ImportReport['times'][number]): string[] {
  const [first] = shapes
  if (first === undefined || (shapes.length === 1 && first.shape === 'year first')) return []
  const parts = shapes.map(({ shape, rows }) => {
    const open = undecided.find(({ form }) => form === shape)
    return open === undefined
      ? `${plural(rows, 'cell')} ${shape}`
      : `${plural(rows, 'cell')} ${open.formats} (${open.doubt})`
  })
  return [
    `${header}: times read as ${parts.join(', ')}`,
    ...(areRounded
      ? [`${header}: the day numbers have too few digits for seconds; times are rounded to the minute`]
      : []),
  ]
}

function describeNumbers({ header, openAs, openRows, examples }: ImportReport['numbers'][number]): string[] {
  if (openAs === undefined || openAs === 'not at all') return []
  const [example] = examples
  const such = example === undefined ? '' : ` such as ${example.value}`
  return [
    `${header}: ${plural(openRows, 'cell')}${such} may have decimals or thousands, read as ${openAs}; else say --decimal-comma`,
  ]
}
