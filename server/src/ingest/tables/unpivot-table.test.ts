import { describe, expect, test } from 'vitest'
import type { TableFile, TableRecord } from './table-file.ts'
import { isUnpivoted, unpivoted } from './unpivot-table.ts'

const header = ['order', 'placed', 'customer', 'shipped']
const milestones = [
  { index: 3, stage: 'ship' },
  { index: 1, stage: 'place' },
]

/** Unpivots rows such as `A,1,ACME,2`, the first of which stands in line 2. */
function table(rows: readonly (string | TableRecord)[]): TableFile {
  const records = rows.map((row, i): TableRecord =>
    typeof row === 'string' ? { row: i + 1, line: i + 2, cells: row.split(',') } : row,
  )
  const wide: TableFile = {
    header,
    batches: {
      [Symbol.asyncIterator]: async function* () {
        yield records.slice(0, 1)
        yield records.slice(1)
      },
    },
    facts: { kind: 'csv', compression: undefined, rows: records.length },
    remarks: () => [{ code: 'garbled_text', count: 1, lines: [2], text: 'garbled' }],
    sizeBytes: 7,
    readBytes: () => 5,
    close: () => Promise.resolve(),
  }
  return unpivoted(wide, { milestones, orderIndex: 0, saysNotReached: (cell) => cell === '' || cell === '-' })
}

async function read(...rows: readonly (string | TableRecord)[]) {
  const file = table(rows)
  // A second pass yields the same.
  await Array.fromAsync(file.batches)
  const records = (await Array.fromAsync(file.batches)).flat()
  return {
    records,
    rows: records.map(({ row, line, cells }) => `${row} ${line}: ${cells.join(',')}`),
    remarks: file.remarks().map(({ code, count, lines }) => `${code} ${count}: ${lines.join(' ')}`),
  }
}

test('a row is one for each milestone that was reached, in their order', async () => {
  const { rows, remarks } = await read('A,1,ACME,2', 'B,3', 'C,-,Foo,4')
  expect(rows).toEqual([
    '1 2: A,1,ACME,2,ship,2',
    '2 2: A,1,ACME,2,place,1',
    '3 3: B,3,,,place,3',
    '4 4: C,-,Foo,4,ship,4',
  ])
  expect(remarks).toEqual(['garbled_text 1: 2', 'milestones 2: '])
})

test('the header has no other columns of times, and the full one has', () => {
  const file = table([])
  expect(file.header).toEqual(['order', '', 'customer', '', 'milestone', 'reached_at'])
  expect(file.fullHeader).toEqual([...header, 'milestone', 'reached_at'])
  expect([isUnpivoted(file.header), isUnpivoted(['reached_at', 'milestone', 'x']), isUnpivoted(['milestone'])]).toEqual(
    [true, true, false],
  )
  expect([file.sizeBytes, file.readBytes(), file.facts.rows]).toEqual([7, 5, 0])
})

describe('remarks', () => {
  test('tell the milestones', () => {
    expect(
      table([])
        .remarks()
        .find(({ code }) => code === 'milestones'),
    ).toMatchObject({
      count: 2,
      params: { milestones: 'ship ← shipped, place ← placed' },
    })
  })

  test('tell rows without any', async () => {
    const { rows, remarks } = await read('A,,ACME,', 'B,1', 'C,-,Foo,-')
    expect(rows).toEqual(['1 3: B,1,,,place,1'])
    expect(remarks).toContain('no_milestone 2: 2 4')
  })

  test('tell those that further rows of an order repeat', async () => {
    const { rows, remarks } = await read('A,1,ACME,2', 'A,1,Aster,3', 'B,1', 'A,1,ACME,2')
    expect(rows.map((row) => row.slice(2))).toEqual([
      '2: A,1,ACME,2,ship,2',
      '2: A,1,ACME,2,place,1',
      '3: A,1,Aster,3,ship,3',
      '4: B,1,,,place,1',
      '5: A,1,ACME,2,ship,2',
      '5: A,1,ACME,2,place,1',
    ])
    expect(remarks).toContain('repeated_milestones 1: 3')
  })
})

test('of an order of thousands of rows the latest milestones are remembered', async () => {
  const times = (count: number) => Array.from({ length: count }, (_, i) => `A,${i}`)
  expect((await read(...times(1_000), 'A,0')).rows).toHaveLength(1_000)
  expect((await read(...times(1_001), 'A,0')).rows).toHaveLength(1_002)
})

test('a row with a problem or too many cells stays one', async () => {
  const problem = { code: 'bad_request', field: '', message: 'broken' } as const
  const { records } = await read(
    'A,1',
    { row: 2, line: 3, cells: ['B', '1', '', '2'], problem },
    'C,1,,2,x,',
    'D,1,,2,,',
  )
  expect(records.map(({ row, line, problem: why }) => [row, line, why?.message])).toEqual([
    [1, 2, undefined],
    [2, 3, 'broken'],
    [3, 4, 'the row has 5 cells and the header 4; a quote or a delimiter is wrong'],
    [4, 5, undefined],
    [5, 5, undefined],
  ])
  expect(records[2]?.problem).toMatchObject({ code: 'bad_request', cause: 'extra_cells' })
})

test('only the last cell of a file may have been cut', async () => {
  const { records } = await read({ row: 1, line: 2, cells: ['A', '1', '', '2'], hasLineEnd: false })
  expect(records.map(({ cells, hasLineEnd }) => [cells.at(-2), hasLineEnd])).toEqual([
    ['ship', false],
    ['place', true],
  ])
  const whole = await read({ row: 1, line: 2, cells: ['A', '1', '', '2'], hasLineEnd: true })
  expect(whole.records.map(({ hasLineEnd }) => hasLineEnd)).toEqual([true, true])
})
