import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import { describe, expect, it } from 'vitest'
import { readOtherwise, recordedOptions } from './earlier-imports.ts'
import { fileOptionsOf, mergedMapping } from './file-options.ts'

const options = (mapping: ImportMapping) => fileOptionsOf('file.csv', mapping)

describe('the options for reading a file', () => {
  it('are these when the mapping says nothing', () => {
    expect(options({})).toMatchObject({
      path: 'file.csv',
      source: 'import',
      duplicates: 'once',
      orders: false,
      wide: false,
      maxStages: 500,
      columns: new Map(),
      mapping: {},
    })
    const unsaid = ['as', 'process', 'reuseAfterMs', 'clock', 'timePattern', 'decimalSign', 'milestones'] as const
    expect(unsaid.map((name) => options({})[name])).toEqual(unsaid.map(() => undefined))
    expect(fileOptionsOf('file.csv', {}, 'erp').source).toBe('erp')
  })

  it('are those of the mapping', () => {
    const mapping: ImportMapping = {
      rows: 'orders',
      columns: { order: 'No.', time: '3' },
      duplicates: 'step',
      source: 'wms',
      process: 'returns',
      timezone: 'Asia/Shanghai',
      timeFormat: 'dd.MM.yyyy HH:mm',
      decimalComma: true,
      nulls: ['n.v.'],
      maxStages: 30,
      as: 'completed',
      encoding: 'gb18030',
      delimiter: ';',
      quote: 'none',
      skipLines: 2,
      sheet: 'Log',
      milestones: [{ column: 'Packed' }],
    }
    expect(options(mapping)).toMatchObject({
      orders: true,
      wide: false,
      columns: new Map([
        ['order', 'No.'],
        ['time', '3'],
      ]),
      duplicates: 'step',
      source: 'wms',
      process: 'returns',
      clock: { zone: 'Asia/Shanghai' },
      decimalSign: ',',
      maxStages: 30,
      as: 'completed',
      table: { encoding: 'gb18030', delimiter: ';', quote: 'none', skipLines: 2, sheet: 'Log' },
      milestones: [{ column: 'Packed' }],
    })
    expect(options(mapping).timePattern).toBeDefined()
    expect(options({ rows: 'wide' })).toMatchObject({ orders: false, wide: true })
    expect(options({ decimalComma: false }).decimalSign).toBeUndefined()
  })

  it.each([
    ['1h', 3_600_000],
    ['72h', 259_200_000],
    ['180d', 15_552_000_000],
    ['26w', 15_724_800_000],
  ])('tell a number that is used again after %s', (reuseAfter, ms) => {
    expect(options({ reuseAfter }).reuseAfterMs).toBe(ms)
  })

  it.each<[ImportMapping, string, string]>([
    [{ encoding: 'ebcdic' }, 'encoding', 'not_offered'],
    [{ preset: 'unknown' }, 'preset', 'not_offered'],
    [{ timezone: 'Mars/Olympus' }, 'timezone', 'not_zone'],
    [{ timeFormat: 'sometimes' }, 'timeFormat', 'wrong_form'],
  ])('are refused for %o with the field that is wrong', (mapping, field, reason) => {
    const refusal = { code: 'invalid_field', field, details: [expect.objectContaining({ field, reason })] }
    expect(() => options(mapping)).toThrow(expect.objectContaining(refusal))
  })

  it.each<ImportMapping>([{ preset: 'none' }, { encoding: 'utf-8' }])('are taken for %o', (mapping) => {
    expect(options(mapping).mapping).toEqual(mapping)
  })
})

it('of two mappings the second one counts, column by column', () => {
  const mapping: ImportMapping = { source: 'wms', timezone: 'UTC', columns: { order: 'No.', stage: 'Step' } }
  expect(mergedMapping(mapping, { timezone: 'Asia/Shanghai', columns: { stage: 'State' } })).toEqual({
    source: 'wms',
    timezone: 'Asia/Shanghai',
    columns: { order: 'No.', stage: 'State' },
  })
  expect(mergedMapping({ source: 'wms' }, {})).toEqual({ source: 'wms' })
})

it('an earlier import of the same file counts when it was read otherwise and brought something or still may', () => {
  const view = (id: number, more: Partial<ImportView>) =>
    ({ id, accepted: 0, state: 'done', options: { source: 'erp' }, ...more }) as ImportView
  const earlier = [
    view(1, { accepted: 1 }),
    view(2, {}),
    view(3, { state: 'running' }),
    view(4, { state: 'waiting' }),
    view(5, { accepted: 1, options: { source: 'wms' } }),
    view(6, { state: 'running', options: { source: 'wms' } }),
  ]
  expect(readOtherwise(earlier, recordedOptions({}, 'wms')).map(({ id }) => id)).toEqual([1, 3, 4])
  expect(recordedOptions({ source: 'import', timezone: 'UTC' }, 'erp')).toEqual({ source: 'erp', timezone: 'UTC' })
})
