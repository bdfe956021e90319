import { describe, expect, test } from 'vitest'
import { RowAccount } from './row-account.ts'

/** Takes rows of a text file with commas, the first of which stands in line 2. */
function account(header: string, rows: readonly string[], hasLineEnd = true) {
  const rowAccount = new RowAccount(header.split(','))
  rowAccount.lines.header = 1
  for (const [i, row] of rows.entries()) rowAccount.take(row.split(','), i + 2, 1)
  const records = rowAccount.end(hasLineEnd)
  const problems = records.flatMap(({ line, problem }) => (problem === undefined ? [] : [[line, problem.cause]]))
  const cells = records.flatMap(({ cells: row, problem }) => (problem === undefined ? [row.join(',')] : []))
  return { rowAccount, records, problems, cells, lines: rowAccount.lines }
}

/** The count and the lines of a remark. */
function remarkOf({ rowAccount }: ReturnType<typeof account>, code: string) {
  const remark = [...rowAccount.commonRemarks(), rowAccount.unevenRemark()].find((one) => one?.code === code)
  return remark && { count: remark.count, lines: remark.lines }
}

describe('lines that are no rows', () => {
  test('are blank or drawn', () => {
    const { cells, lines } = account('order,stage,time', ['A,pick,1', ',,', '---,---,---', ' , ,', 'B,pick,2'])
    expect(cells).toEqual(['A,pick,1', 'B,pick,2'])
    expect(lines).toMatchObject({ rows: 2, blank: 3, rejected: 0 })
  })

  test('are the header again, in letters of any case', () => {
    const again = account('Order,Stage,Time', [
      'A,pick,1',
      'ORDER,stage , Time',
      'B,pick,2',
      'order,stage,time,',
      'order,stage',
    ])
    expect(again.cells).toEqual(['A,pick,1', 'B,pick,2'])
    expect(again.lines).toMatchObject({ rows: 2, repeatedHeader: 1, rejected: 2 })
    expect(remarkOf(again, 'repeated_header')).toEqual({ count: 1, lines: [3] })
    expect(account('Ordre №,étape', ['ordre №,Étape', 'A,x']).lines).toMatchObject({ repeatedHeader: 1, rows: 1 })
  })

  test('are totals and notes after the last row', () => {
    const { cells, lines, records } = account('order,stage,time', ['A,pick,1', 'B,pick,2', 'Total,,2', 'Printed by X'])
    expect(cells).toEqual(['A,pick,1', 'B,pick,2'])
    expect([lines.trailing, records.length]).toEqual([2, 2])
  })

  test('are up to twenty notes; more are rows that are too short', () => {
    const notes = (count: number) => Array.from({ length: count }, (_, i) => `note ${i}`)
    expect(account('order,stage,time', ['A,pick,1', ...notes(20)]).lines).toMatchObject({ rows: 1, trailing: 20 })
    expect(account('order,stage,time', ['A,pick,1', ...notes(21)]).lines).toMatchObject({ rows: 22, trailing: 0 })
  })
})

describe('the last lines of a table', () => {
  test.for([
    ['Total,,2', 1],
    ['Total 2,,', 1],
    ['3 rows,,', 1],
    ['3 rows,x,', 0],
    ['B,pick,', 0],
    ['B', 1],
    ['---,,', 1],
    ['*** end,,', 1],
    ['--,,1', 0],
    [',Summe,2', 1],
    ['Summe,pick,2', 0],
  ] as const)('%s is a note: %d', ([row, trailing]) => {
    expect(account('order,stage,time', ['A,pick,1', row]).lines).toMatchObject({ trailing, rows: 2 - trailing })
  })

  test('that are shorter than the rows are notes below another note', () => {
    expect(account('order,stage,time', ['A,pick,1', 'Total,,2', 'x,y']).lines).toMatchObject({ rows: 1, trailing: 2 })
    expect(account('order,stage,time', ['A,pick,1', 'x,y']).lines).toMatchObject({ rows: 2, trailing: 0 })
    expect(account('order,stage,time', ['A,pick,1', 'Total,,2', 'x,y,z']).lines).toMatchObject({ rows: 3 })
  })

  test('of a table of two columns are all rows', () => {
    expect(account('order,stage', ['A,pick', 'Total,', 'note']).lines).toMatchObject({ rows: 3, trailing: 0 })
    // Unnamed columns at the end do not count.
    expect(account('order,stage,', ['A,pick', 'Total,', 'note']).lines).toMatchObject({ rows: 3, trailing: 0 })
  })

  test('may be the beginning of a row that was cut off', () => {
    const cut = account('order,stage,time', ['A,pick,1', 'SO-2'], false)
    expect(cut.problems).toEqual([[3, 'cut_off']])
    expect(cut.records.at(-1)?.problem?.message).toContain('it has 1 of 3 cells and no line end')
    expect(cut.records.map(({ row, hasLineEnd }) => [row, hasLineEnd])).toEqual([[1, true], [2, false]]) // prettier-ignore
    expect(cut.lines).toMatchObject({ rows: 1, rejected: 1, trailing: 0 })
    expect(cut.rowAccount.remarks.remark('cut_off', () => '')).toMatchObject({ count: 1, lines: [3] })
    expect(account('order,stage,time', ['A,pick,1', 'Total'], false).lines).toMatchObject({ rejected: 0, trailing: 1 })
    const notes = account('order,stage,time', ['A,pick,1', 'Total', 'SO-2'], false)
    expect(notes.lines).toMatchObject({ rows: 1, rejected: 0, trailing: 2 })
  })

  test('that are whole say whether their cell may be cut', () => {
    const ends = (rows: readonly string[], hasLineEnd: boolean) =>
      account('order,stage,time', rows, hasLineEnd).records.map((record) => record.hasLineEnd)
    expect(ends(['A,pick,1', 'B,pick,2'], false)).toEqual([true, false])
    expect(ends(['A,pick,1', 'B,pick,2'], true)).toEqual([true, true])
    expect(ends(['A,pick,1', 'Total,,2'], false)).toEqual([true])
    expect(account('order,stage,', ['A,pick', 'B,pack'], false).problems).toEqual([])
  })
})

describe('a second table', () => {
  test('begins with names of the header in another order, and ends with the header', () => {
    const { problems, cells, records } = account('order,stage,time', [
      'A,pick,1',
      'stage,order,note',
      'B,pick,2',
      'order,stage,time',
      'C,pick,3',
    ])
    expect(problems).toEqual([[3, 'other_table'], [4, 'other_table']]) // prettier-ignore
    expect(records[2]?.problem?.message).toContain('whose columns line 3 names')
    expect(cells).toEqual(['A,pick,1', 'C,pick,3'])
  })

  test.for([
    ['stage,order,', true],
    ['stage,order,x', true],
    ['stage,order,x,y', false],
    ['stage,,', false],
    ['x,y,stage,order', false],
    ['x,stage,order', true],
    ['x,stage,y,order,time', true],
    ['x,stage,y,order', false],
    ['STAGE, order ,x', true],
    ['stages,orders,x', false],
  ] as const)('may begin with %s: %s', ([row, isOther]) => {
    expect(account('order,stage,time', ['A,pick,1', row, 'B,pick,2']).problems).toEqual(
      isOther ? [[3, 'other_table'], [4, 'other_table']] : [], // prettier-ignore
    )
  })

  test('has words for its columns', () => {
    expect(account('order,1,2', ['1,2,3']).problems).toEqual([])
  })
})

describe('rows of another width than the header', () => {
  test('are told unless they are most', () => {
    const few = account('a,b,c,d', ['1,2,3', '1,2,3,4', '1,2,3,4,5', '1,2,3,4'])
    expect(remarkOf(few, 'uneven_rows')).toEqual({ count: 2, lines: [2, 4] })
    expect(few.rowAccount.misfits).toBe(2)
    expect(remarkOf(account('a,b,c,d', ['1,2,3', '1,2,3', '1,2,3,4']), 'uneven_rows')).toBeUndefined()
    expect(remarkOf(account('a,b', ['1,2']), 'uneven_rows')).toBeUndefined()
  })

  test('fit if what is more or less is empty', () => {
    const { rowAccount } = account('a,b,,', [])
    expect(rowAccount.width).toBe(2)
    const fits = ['1,2,3,4', '1,2', '1,2,,,,', '1', '1,2,3', '1,2,,,5'].map((row) => rowAccount.fits(row.split(',')))
    expect(fits).toEqual([true, true, true, false, false, false])
  })
})

describe('cells that look like merged ones', () => {
  test('are the first ones, empty in a tenth of the rows below a filled one', () => {
    const rows = (filled: number, empty: number) => [
      ...Array.from({ length: filled }, (_, i) => `${i},x`),
      ...Array.from({ length: empty }, () => ',x'),
    ]
    expect(remarkOf(account('a,b', rows(9, 1)), 'merged_cells')).toEqual({ count: 1, lines: [11] })
    expect(remarkOf(account('a,b', rows(10, 1)), 'merged_cells')).toBeUndefined()
    expect(remarkOf(account('a,b', [',x', ',y', '1,z']), 'merged_cells')).toBeUndefined()
    expect(remarkOf(account('a,b', [',x', '1,z', ',y']), 'merged_cells')).toEqual({ count: 1, lines: [4] })
    expect(remarkOf(account(',b', ['1,z', ',y']), 'merged_cells')).toBeUndefined()
  })
})

test('a table without rows is told', () => {
  expect(remarkOf(account('a,b', []), 'no_rows')).toEqual({ count: 1, lines: [] })
  expect(remarkOf(account('a,b', ['1,2']), 'no_rows')).toBeUndefined()
})

test('rows of several lines are counted as lines, too', () => {
  const rowAccount = new RowAccount(['a', 'b', 'c'])
  rowAccount.take(['1', 'x', 'y'], 2, 3)
  rowAccount.reject(['1'], 5, 'broken', 'quotes')
  rowAccount.take(['', '', ''], 6, 2)
  rowAccount.take(['2', 'x', 'y'], 8, 1)
  rowAccount.take(['Total of both', '', ''], 9, 2)
  expect(rowAccount.taken().map(({ row, line }) => [row, line])).toEqual([[1, 2], [2, 5]]) // prettier-ignore
  expect(rowAccount.end(true).map(({ row, line }) => [row, line])).toEqual([[3, 8]])
  expect(rowAccount.lines).toMatchObject({ rows: 2, continuation: 2, rejected: 1, blank: 2, trailing: 2 })
  expect(rowAccount.rows).toBe(3)
})
