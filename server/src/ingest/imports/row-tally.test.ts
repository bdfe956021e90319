import { describe, expect, it } from 'vitest'
import { rejectionLines, RowTally } from './row-tally.ts'

const rejection = (field: string, cause?: 'placeholder') =>
  ({ code: 'invalid_time', field, message: 'is no time', ...(cause !== undefined && { cause }) }) as const

function read(tally: RowTally, order: string, rows: number, stage?: string): void {
  for (let i = 0; i < rows; i++) tally.countRead(order, stage)
}

describe('the rows of a file', () => {
  it('are counted by their outcome, with the orders and stages of those that could be read', () => {
    const tally = new RowTally()
    for (const [order, stage] of [
      ['A', 'pick'],
      ['A', 'pack'],
      ['B', 'pick'],
      ['A', undefined],
    ] as const)
      tally.countRead(order, stage)
    tally.countTaken('accepted')
    tally.countTaken('accepted', 3)
    tally.countTaken('duplicate')
    tally.countTaken('duplicate', 2)
    tally.countRepeated(7)
    tally.countRejected(8, rejection('time'))
    expect(tally.decided).toEqual({ rows: 9, accepted: 4, duplicate: 4, rejected: 1 })
    expect(tally.rows).toBe(9)
    const { elapsedMs, ...summary } = tally.summary()
    expect(summary).toEqual({ rows: 9, accepted: 4, duplicate: 4, rejected: 1, orders: 2, stages: 2 })
    expect(elapsedMs).toBeGreaterThanOrEqual(0)
    expect(elapsedMs).toBeLessThan(60_000)
    expect(tally.stageRows()).toEqual([
      { stage: 'pick', rows: 2 },
      { stage: 'pack', rows: 1 },
    ])
  })

  it('that repeat others are counted with the first five lines', () => {
    const tally = new RowTally()
    for (let line = 2; line < 9; line++) tally.countRepeated(line)
    tally.countSameStep(40)
    for (let i = 0; i < 3; i++) tally.countIgnoredStart()
    expect(tally.repeated).toEqual({ count: 7, lines: [2, 3, 4, 5, 6] })
    expect(tally.sameSteps).toEqual({ count: 1, lines: [40] })
    expect(tally.startsIgnored).toBe(3)
    expect(tally.decided).toMatchObject({ duplicate: 7, accepted: 0 })
  })
})

describe('stages', () => {
  it('are alike when they differ in case, width, blanks and joiners only', () => {
    const tally = new RowTally()
    for (const stage of ['Pick Up', 'pick-up', 'ＰＩＣＫ＿up', 'pick', 'pack', 'Pack', 'ship'])
      tally.countRead('A', stage)
    expect(tally.similarStages()).toEqual([
      ['Pick Up', 'pick-up', 'ＰＩＣＫ＿up'],
      ['pack', 'Pack'],
    ])
  })

  it('are counted up to ten thousand, so that a wrong column takes no more memory', () => {
    const tally = new RowTally()
    for (let i = 0; i < 10_002; i++) tally.countRead('A', `stage ${i}`)
    tally.countRead('A', 'stage 0')
    expect(tally.summary().stages).toBe(10_000)
    expect(tally.stageRows()[0]).toEqual({ stage: 'stage 0', rows: 2 })
  })
})

describe('orders with very many rows', () => {
  it('are named from ten thousand rows on, wherever these are in the file, most rows first', () => {
    const tally = new RowTally()
    read(tally, 'A', 9_999)
    read(tally, 'NULL', 9_000)
    read(tally, 'ADJ-000', 12_000)
    read(tally, 'NULL', 1_000)
    read(tally, 'B', 1)
    expect(tally.crowdedOrders()).toEqual([
      { order: 'ADJ-000', rows: 12_000 },
      { order: 'NULL', rows: 10_000 },
    ])
    read(tally, 'A', 1)
    read(tally, 'ADJ-000', 500)
    expect(tally.crowdedOrders()).toEqual([
      { order: 'ADJ-000', rows: 12_500 },
      { order: 'NULL', rows: 10_000 },
      { order: 'A', rows: 10_000 },
    ])
  })

  it('are a hundred at most, whose rows go on being counted', () => {
    const tally = new RowTally()
    for (let i = 0; i < 101; i++) read(tally, `O-${i}`, 10_000)
    read(tally, 'O-7', 1)
    expect(tally.crowdedOrders()).toHaveLength(100)
    expect(tally.crowdedOrders()[0]).toEqual({ order: 'O-7', rows: 10_001 })
  })
})

describe('rejections', () => {
  it('are grouped by column, code and cause, most frequent first, with three examples', () => {
    const tally = new RowTally()
    tally.countRejected(2, rejection('start', 'placeholder'))
    for (let line = 3; line < 8; line++) tally.countRejected(line, rejection('time'), `value ${line}`)
    tally.countRejected(9, rejection('time', 'placeholder'), undefined, 'row')
    tally.countRejected(10, rejection('time', 'placeholder'))
    const example = (line: number) => ({ line, unit: undefined, value: `value ${line}`, message: 'is no time' })
    expect(tally.rejections()).toEqual([
      { column: 'time', code: 'invalid_time', count: 5, first: [3, 4, 5].map(example) },
      expect.objectContaining({ column: 'time', cause: 'placeholder', count: 2 }),
      expect.objectContaining({ column: 'start', cause: 'placeholder', count: 1 }),
    ])
    expect(rejectionLines(tally.rejections().slice(0, 2))).toEqual([
      'line 3: time: is no time (invalid_time)',
      'line 4: time: is no time (invalid_time)',
      'line 5: time: is no time (invalid_time)',
      '… and 2 more rejected rows (time: invalid_time)',
      'row 9: time: is no time (invalid_time)',
      'line 10: time: is no time (invalid_time)',
    ])
  })

  it('of more than fifty columns are counted together', () => {
    const tally = new RowTally()
    for (let i = 0; i < 53; i++) tally.countRejected(i, rejection(`column ${i}`))
    tally.countRejected(60, rejection('column 3'))
    tally.countRejected(61, rejection('column 51'))
    const [first, second, ...others] = tally.rejections()
    expect(first).toMatchObject({ column: '', count: 4, first: [{ line: 50 }, { line: 51 }, { line: 52 }] })
    expect(second).toMatchObject({ column: 'column 3', count: 2 })
    expect(others).toHaveLength(49)
    expect(
      rejectionLines([{ column: '', code: 'internal', count: 1, first: [{ line: 4, message: 'failed' }] }]),
    ).toEqual(['line 4: failed (internal)'])
  })
})
