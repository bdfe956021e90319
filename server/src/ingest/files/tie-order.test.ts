import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventTypes } from '@stagewatch/shared/domain/order-event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventRow } from './event-row.ts'
import { FileEvents } from './file-event.ts'
import type { DirectionFound } from './row-direction.ts'
import { RowDirection } from './row-direction.ts'
import { TieOrder } from './tie-order.ts'

const stages = ['placed', 'picked', 'packed', 'shipped', 'billed']
type Row = Pick<EventRow, 'order' | 'stage' | 'occurredAt'>

/**
 * Creates the events of a file as an import does: the direction is derived from all rows, then the events one by one.
 */
function eventsOf(rows: readonly Row[]): OrderEvent[] {
  const direction = new RowDirection()
  for (const { order, stage = '', occurredAt } of rows) direction.add(order, occurredAt, stage)
  const events = new FileEvents({ source: 'import', process: undefined }, { stages, direction: direction.found() })
  return rows.map(({ order, stage = '', occurredAt }, i) => {
    const row = { ...noFacts, row: i + 1, type: 'stage.entered' as const, order, stage, occurredAt }
    const { id, sequence = Number.NaN } = events.of(row)
    return { source: 'import', id, type: 'stage.entered', order, stage, occurredAt, sequence, data: {} }
  })
}

const noFacts = {
  actor: undefined,
  eventId: undefined,
  startedAt: undefined,
  startIgnored: false,
  promisedAt: undefined,
  customer: undefined,
  customerClass: undefined,
  product: undefined,
  waybill: undefined,
  department: undefined,
}

/** Content of the log after importing these files: the first event of each identity. */
function imported(files: readonly (readonly Row[])[]): OrderEvent[] {
  const log = new Map<string, OrderEvent>()
  for (const event of files.flatMap(eventsOf)) if (!log.has(event.id)) log.set(event.id, event)
  return [...log.values()]
}

/** The stages of each order in the order of its visits. */
function waysOf(log: readonly OrderEvent[]): Record<string, string[]> {
  const orders = [...new Set(log.map(({ order }) => order))].toSorted()
  return Object.fromEntries(
    orders.map((order) => {
      const visits = foldOrder(order, log, { isTerminal: () => false })?.visits ?? []
      return [order, visits.map(({ stage }) => stage)]
    }),
  )
}

/** The stages of an order as they happened, each with its instant; several may share one. */
type Way = readonly (readonly [stage: string, at: number])[]

/** Paths that pass the stages of an instant in the order of the process, each at most once per instant. */
const usualWay: fc.Arbitrary<Way> = fc
  .array(fc.uniqueArray(fc.constantFrom(...stages), { maxLength: 5 }), { maxLength: 3 })
  .map((instants) =>
    instants.flatMap((some, at) => stages.filter((stage) => some.includes(stage)).map((stage) => [stage, at] as const)),
  )

/** Paths that pass the stages of an instant in any order. */
const anyWay: fc.Arbitrary<Way> = fc
  .array(fc.uniqueArray(fc.constantFrom(...stages), { maxLength: 5 }), { maxLength: 3 })
  .map((instants) => instants.flatMap((some, at) => some.map((stage) => [stage, at] as const)))

const arrangement = fc.constantFrom('by time', 'by order', 'by time, newest first', 'by order, newest first')

function fileOf(ways: readonly Way[], arranged: string): Row[] {
  const rows = ways.flatMap((way, i) => way.map(([stage, occurredAt]) => ({ order: `SO-${i}`, stage, occurredAt })))
  const sorted = arranged.startsWith('by time') ? rows.toSorted((a, b) => a.occurredAt - b.occurredAt) : rows
  return arranged.endsWith('newest first') ? sorted.toReversed() : sorted
}

/** The expected visits, derived without sequences. */
function truthOf(ways: readonly Way[]): Record<string, string[]> {
  const entries = ways.map(
    (way, i) => [`SO-${i}`, way.map(([stage]) => stage).filter((stage, j, all) => stage !== all[j - 1])] as const,
  )
  return Object.fromEntries(entries.filter(([, way]) => way.length > 0))
}

describe('events of one instant', () => {
  test('apply in the order of the file, read upward where the newest rows stand first', () => {
    fc.assert(
      fc.property(fc.array(anyWay, { maxLength: 4 }), arrangement, (ways, arranged) => {
        const file = fileOf(ways, arranged)
        fc.pre(ways.some((way) => new Set(way.map(([, at]) => at)).size > 1))
        expect(waysOf(imported([file]))).toEqual(truthOf(ways))
      }),
    )
  })

  test('keep their order also where rows of another instant stand between them', () => {
    const rows = [['packed', 2] as const, ['placed', 1] as const, ['picked', 2] as const, ['billed', 3] as const]
    const file = rows.map(([stage, occurredAt]) => ({ order: 'SO-1', stage, occurredAt }))
    expect(waysOf(imported([file]))).toEqual({ 'SO-1': ['placed', 'packed', 'picked', 'billed'] })
  })

  test('in the order of the process apply alike from any parts of a file, in whatever order these arrive', () => {
    const cuts = fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { maxLength: 6 })
    fc.assert(
      fc.property(fc.array(usualWay, { maxLength: 4 }), arrangement, cuts, fc.nat(), (ways, arranged, some, seed) => {
        const file = fileOf(ways, arranged)
        const windows = some.map(([from, length]) => file.slice(from, from + length))
        // Rows outside of all windows are in two further parts.
        const cut = seed % (file.length + 1)
        const parts = [...windows, file.slice(cut), file.slice(0, cut)]
        expect(waysOf(imported(parts))).toEqual(truthOf(ways))
        expect(waysOf(imported(parts.toReversed()))).toEqual(truthOf(ways))
      }),
    )
  })

  test('in any order apply alike from parts with whole instants that tell which way the file goes', () => {
    fc.assert(
      fc.property(fc.array(anyWay, { maxLength: 4 }), arrangement, fc.nat(2), (ways, arranged, days) => {
        // A separate order that has an event at one instant of each part.
        const told: Way = [0, 1, 2, 3].map((at) => ['placed', at])
        const file = fileOf([...ways, told], arranged)
        const parts = [1, 2, 3].map((day) => file.filter(({ occurredAt: at }) => at >= day - 1 - days && at <= day))
        expect(waysOf(imported(parts))).toEqual(truthOf([...ways, told]))
        expect(waysOf(imported(parts.toReversed()))).toEqual(truthOf([...ways, told]))
      }),
    )
  })
})

describe('sequences', () => {
  const up = { orderVotes: -1, neighbourVotes: 0, pairs: [] }
  const down = { orderVotes: 1, neighbourVotes: 0, pairs: [] }

  /** The sequences of events of one order at one instant, each of a stage or of a type without one. */
  function sequencesOf(direction: DirectionFound, ...events: readonly string[]): number[] {
    const ties = new TieOrder({ stages: ['pick', 'pack'], direction })
    return events.map((event) => {
      const type = eventTypes.find((known) => known === event)
      return ties.next({
        order: 'SO-1',
        type: type ?? 'stage.entered',
        stage: type === undefined ? event : undefined,
        occurredAt: 5,
      })
    })
  }

  test('follow from the place of a stage in the process', () => {
    const alone = (event: string) => sequencesOf(down, event)[0]
    expect(['order.placed', 'pick', 'pack', 'unknown', 'order.completed', 'order.cancelled'].map(alone)).toEqual([
      1_000_000, 2_000_000, 3_000_000, 4_000_000, 5_000_000, 5_000_000,
    ])
    expect(alone('note.added')).toBe(1_000_000)
  })

  test('increase with the rows of a file, and not without need', () => {
    expect(sequencesOf(down, 'pick', 'pack', 'pick', 'pack', 'order.placed')).toEqual([
      2_000_000, 3_000_000, 3_000_001, 3_000_002, 3_000_003,
    ])
    expect(sequencesOf(down, 'pick', 'note.added', 'pack')).toEqual([2_000_000, 2_000_001, 3_000_000])
  })

  test('decrease with the rows of a file that is sorted newest first, down to 0', () => {
    expect(sequencesOf(up, 'pack', 'pick', 'pick', 'pack', 'note.added')).toEqual([
      3_000_000, 2_000_000, 1_999_999, 1_999_998, 1_999_997,
    ])
    const ties = new TieOrder({ stages: [], direction: up })
    const placed = { order: 'SO-1', type: 'order.placed', stage: undefined, occurredAt: 5 } as const
    let last = ties.next(placed)
    for (let i = 0; i < 1_000_000; i++) last = ties.next(placed)
    expect([last, ties.next(placed)]).toEqual([0, 0])
  })

  test('of different instants and orders do not depend on each other, however many there are', () => {
    const ties = new TieOrder({ stages: ['pick'], direction: down })
    const next = (order: string, occurredAt: number) =>
      ties.next({ order, type: 'stage.entered', stage: 'pick', occurredAt })
    for (const round of [0, 1, 2])
      for (let at = 0; at < 20; at++)
        for (const order of ['a', 'b']) expect([at, next(order, at)]).toEqual([at, 2_000_000 + round])
  })

  test('of an order that never ends are remembered for its latest ten thousand instants', () => {
    const ties = new TieOrder({ stages: ['pick'], direction: down })
    const next = (occurredAt: number) => ties.next({ order: 'a', type: 'stage.entered', stage: 'pick', occurredAt })
    for (let at = 0; at < 10_000; at++) next(at)
    expect([next(0), next(9_999)]).toEqual([2_000_001, 2_000_001])
    next(10_000)
    expect([next(1), next(0)]).toEqual([2_000_001, 2_000_000])
  })
})
