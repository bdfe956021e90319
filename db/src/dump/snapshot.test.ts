import fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { countRows } from './snapshot.ts'

const quoted = (value: string): string => (/[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value)
const value = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', '包') })

test('rows are counted whatever their values contain', () => {
  expect(countRows(Buffer.from(''))).toBe(0)
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value)), (rows) => {
      const csv = [['one', 'two'], ...rows].map((row) => `${row.map(quoted).join(',')}\n`).join('')
      expect(countRows(Buffer.from(csv))).toBe(rows.length)
    }),
    propertyRuns,
  )
})
