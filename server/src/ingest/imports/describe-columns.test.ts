import { describe, expect, it } from 'vitest'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import { columnsRead, describeColumns } from './describe-columns.ts'

type TimeColumn = ImportReport['times'][number]
type NumberColumn = ImportReport['numbers'][number]

const times: TimeColumn = {
  name: 'time',
  header: 'Date',
  shapes: [],
  undecided: [],
  dateRows: 0,
  gapRows: 0,
  foldRows: 0,
  areRounded: false,
  placeholderRows: 0,
  unreadableRows: 0,
  examples: [],
}
const numbers: NumberColumn = { name: 'amount', header: 'Sum', openRows: 0, unreadableRows: 0, examples: [] }

describe('what to check of a column of times', () => {
  const said = (column: Partial<TimeColumn>) => describeColumns({ times: [{ ...times, ...column }], numbers: [] })

  it('is nothing when each of its times begins with the year', () => {
    expect(said({})).toEqual([])
    expect(said({ shapes: [{ shape: 'year first', rows: 5 }] })).toEqual([])
  })

  it('is how its cells were read, and in which ways they could be', () => {
    expect(said({ shapes: [{ shape: 'dd.MM.yyyy', rows: 1 }] })).toEqual(['Date: times read as 1 cell dd.MM.yyyy'])
    const undecided = [{ form: 'n/n/yyyy', formats: 'dd/MM/yyyy or MM/dd/yyyy', doubt: 'ambiguous', rows: 3 } as const]
    const shapes = [
      { shape: 'year first', rows: 2 },
      { shape: 'n/n/yyyy', rows: 3 },
    ]
    expect(said({ shapes, undecided })).toEqual([
      'Date: times read as 2 cells year first, 3 cells dd/MM/yyyy or MM/dd/yyyy (ambiguous)',
    ])
  })

  it('is that seconds were lost', () => {
    const shapes = [{ shape: 'Excel day number', rows: 2 }]
    expect(said({ shapes, areRounded: true })).toEqual([
      'Date: times read as 2 cells Excel day number',
      'Date: the day numbers have too few digits for seconds; times are rounded to the minute',
    ])
  })
})

describe('what to check of a column of numbers', () => {
  const said = (column: Partial<NumberColumn>) => describeColumns({ times: [], numbers: [{ ...numbers, ...column }] })

  it('is nothing when its cells can be read in one way, or in none', () => {
    expect(said({})).toEqual([])
    expect(said({ openAs: 'not at all', openRows: 2 })).toEqual([])
  })

  it('is how doubtful cells were read, with the first of them', () => {
    const examples = [
      { line: 3, value: '1,234' },
      { line: 4, value: '5,678' },
    ]
    expect(said({ openAs: 'thousands', openRows: 1, examples })).toEqual([
      'Sum: 1 cell such as 1,234 may have decimals or thousands, read as thousands; else say --decimal-comma',
    ])
    expect(said({ openAs: 'decimals', openRows: 2 })).toEqual([
      'Sum: 2 cells may have decimals or thousands, read as decimals; else say --decimal-comma',
    ])
  })
})

it('a report names the columns that were surveyed, and the formats that are in doubt', () => {
  const decision = { form: 'n/n/yyyy', rows: 4, order: undefined, doubt: 'ambiguous', openRows: 3 } as const
  const decided = { form: 'n.n.yyyy', rows: 4, order: 'dmy', doubt: undefined, openRows: 4 } as const
  const { name: _, header: __, undecided: ___, ...found } = times
  const { name: _name, header: _header, ...counted } = numbers
  const read = columnsRead({
    times: new Map([
      [
        'time',
        {
          column: 'Da\u0007te',
          findings: { local: undefined, span: undefined, ...found, undecided: [decision, decided] },
        },
      ],
    ]),
    numbers: new Map([['amount', { column: 'Sum', findings: { sign: undefined, openAs: undefined, ...counted } }]]),
  })
  expect(read).toEqual({
    times: [
      {
        ...times,
        header: String.raw`Da\u{7}te`,
        undecided: [{ form: 'n/n/yyyy', formats: 'dd/MM/yyyy or MM/dd/yyyy', doubt: 'ambiguous', rows: 3 }],
      },
    ],
    numbers: [numbers],
  })
})
