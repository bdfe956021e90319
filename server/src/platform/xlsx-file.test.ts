import { strFromU8, unzipSync } from 'fflate'
import { expect, test } from 'vitest'
import { sheetInstant, xlsxFile } from './xlsx-file.ts'
import type { SheetCell } from './xlsx-file.ts'

async function sheetOf(rows: readonly (readonly SheetCell[])[]): Promise<string> {
  async function* pieces() {
    for (const row of rows) yield [row]
  }
  const bytes: Uint8Array[] = []
  for await (const piece of xlsxFile({ name: 'A & B', titles: ['T'], rows: pieces() })) bytes.push(piece)
  const parts = unzipSync(Buffer.concat(bytes))
  expect(strFromU8(parts['xl/workbook.xml'] ?? new Uint8Array())).toContain('name="A &amp; B"')
  return strFromU8(parts['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
}

test('what XML cannot hold is replaced, and what it would take for its own is written as text', async () => {
  const sheet = await sheetOf([['a<b & "c"\u0000\u001b \ud800', 1.5, undefined, sheetInstant(86_400_000 / 2)]])
  expect(sheet).toContain('a&lt;b &amp; &quot;c&quot;\ufffd\ufffd \ufffd</t>')
  expect(sheet).toContain('<c r="B2"><v>1.5</v></c><c r="D2" s="2"><v>25569.5</v></c>')
})

test('a text that is longer than a cell is cut', async () => {
  const sheet = await sheetOf([['x'.repeat(40_000)]])
  expect(/x+/.exec(sheet.slice(sheet.lastIndexOf('preserve')))?.[0].length).toBe(32_767)
})

test('columns behind Z are called by two letters', async () => {
  const sheet = await sheetOf([Array.from({ length: 53 }, (_, i) => i)])
  expect(sheet).toContain('<c r="Z2"><v>25</v></c><c r="AA2"><v>26</v></c>')
  expect(sheet).toContain('<c r="BA2"><v>52</v></c>')
})
