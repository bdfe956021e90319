import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import type { CellKind } from '../files/cells/clean-cell.ts'
import { cleanCell } from '../files/cells/clean-cell.ts'
import { openTable } from '../tables/open-table.ts'
import { writtenFile } from '../files/testing/written-file.ts'
import { openRejectedRows } from './rejected-rows.ts'
import { recordsOf } from '../tables/table-file.ts'

const rejection = { code: 'invalid_time', field: 'timestamp', message: 'is no time' } as const

/** The cells of rejected rows when the file of rejected rows is imported again. */
async function readBack(rows: readonly (readonly string[])[]): Promise<(readonly string[])[]> {
  const path = join(writtenFile(''), '..', 'errors.csv')
  const errors = await openRejectedRows(path, ['order_id', 'customer'])
  for (const [i, cells] of rows.entries()) await errors.add({ row: i + 1, line: i + 2, cells }, rejection)
  await errors.close()
  const file = await openTable(path)
  const read = []
  for await (const { cells } of recordsOf(file)) read.push(cells.slice(0, 2))
  await file.close()
  return read
}

const signs = fc.constantFrom(
  '-',
  '=',
  '+',
  '@',
  "'",
  '`',
  '"',
  '＝',
  '＋',
  '－',
  '＠',
  ' ',
  '\u200B',
  '\uFEFF',
  '7',
  'a',
  ',',
  '="',
  '"',
)
const text = fc.array(signs, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))

function cleanCells(cells: readonly string[]): string[] {
  const kinds: readonly CellKind[] = ['code', 'text']
  return cells.map((cell, i) => cleanCell(cell, kinds[i] ?? 'text'))
}

test('a rejected row that is imported from the errors file is the row that it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 20 }), async (rows) => {
      const read = await readBack(rows)
      expect(read.map(cleanCells)).toEqual(rows.map(cleanCells))
    }),
    { ...propertyRuns, numRuns: Math.min(propertyRuns.numRuns, 20) },
  )
})

test('what a spreadsheet would run as a formula is text in the errors file', async () => {
  expect(
    await readBack([
      ['-100', '@home'],
      ['=1+1', '＝1'],
    ]),
  ).toEqual([
    ["'-100", "'@home"],
    ["'=1+1", "'＝1"],
  ])
})

describe('the file of rejected rows', () => {
  const add = async (rows: readonly (readonly string[])[], maxBytes?: number) => {
    const path = join(writtenFile(''), '..', 'errors.csv')
    const errors = await openRejectedRows(path, ['order', 'stage'], maxBytes)
    for (const [i, cells] of rows.entries()) {
      await errors.add({ row: i, line: i + 2, cells }, { code: 'invalid_time', field: 'time', message: 'is "no" time' })
    }
    await errors.close()
    return { text: readFileSync(path, 'utf8'), leftOut: errors.leftOut }
  }

  it('has each row as it was, with its line and the reason', async () => {
    const { text: written, leftOut } = await add([['A', 'pick, pack'], ['B']])
    expect(leftOut).toBe(0)
    expect(written).toBe(
      [
        '\uFEFForder,stage,line,code,field,reason',
        'A,"pick, pack",2,invalid_time,time,"is ""no"" time"',
        'B,,3,invalid_time,time,"is ""no"" time"',
        '',
      ].join('\r\n'),
    )
  })

  it('takes no more rows when it has reached its size, and counts them', async () => {
    const header = Buffer.byteLength('\uFEFForder,stage,line,code,field,reason\r\n')
    const rows = [['A'], ['B'], ['C']]
    expect(await add(rows, header)).toMatchObject({ leftOut: 3 })
    expect(await add(rows, header + 1)).toMatchObject({ leftOut: 2 })
  })
})
