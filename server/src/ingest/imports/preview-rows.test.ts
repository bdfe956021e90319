import { describe, expect, it } from 'vitest'
import { PreviewRows, shownCell } from './preview-rows.ts'

describe('a preview', () => {
  it('shows a cell on one line, up to 120 characters', () => {
    expect(shownCell('a\tb\r\nc\u2028d')).toBe('a b  c d')
    expect(shownCell('x'.repeat(120))).toBe('x'.repeat(120))
    expect(shownCell('x'.repeat(121))).toBe(`${'x'.repeat(120)}…`)
    expect(shownCell('\uD83D')).toBe('\uFFFD')
  })

  it('shows the first rows in the order of the file, with the values of their events', () => {
    const preview = new PreviewRows(['order', 'x'])
    const record = (row: number) => ({ row, line: row + 1, cells: [`O-${row}`, 'x'] })
    const event = {
      source: 'erp',
      id: '1',
      type: 'stage.entered',
      order: 'A',
      stage: 'pick',
      occurredAt: '2026-01-02T08:00:00Z',
      actor: 'ada',
      sequence: 1,
      data: { customer: 'C', quantity: 3, concurrent: true, product: undefined },
    } as const
    preview.add(record(2), [event, { ...event, stage: undefined, actor: undefined, data: {} }])
    preview.reject(record(1), { code: 'invalid_time', field: 'time', cause: 'placeholder', message: 'is empty' })
    preview.reject(record(2), { code: 'conflict', field: '', message: 'is there' })
    const shown = { type: 'stage.entered', order: 'A', occurredAt: '2026-01-02T08:00:00Z' }
    expect(preview.preview()).toEqual({
      header: ['order', 'x'],
      rows: [
        {
          line: 2,
          cells: ['O-1', 'x'],
          events: [],
          rejection: { column: 'time', code: 'invalid_time', cause: 'placeholder', message: 'is empty' },
        },
        {
          line: 3,
          cells: ['O-2', 'x'],
          events: [
            { ...shown, stage: 'pick', actor: 'ada', data: { customer: 'C', quantity: 3 } },
            { ...shown, data: {} },
          ],
          rejection: { column: '', code: 'conflict', cause: undefined, message: 'is there' },
        },
      ],
    })
    for (let row = 3; row < 60; row++) preview.add(record(row), [])
    preview.reject(record(70), { code: 'conflict', field: '', message: 'is there' })
    expect(preview.preview().rows).toHaveLength(50)
  })
})
