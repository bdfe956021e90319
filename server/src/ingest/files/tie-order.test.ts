import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventRow } from './event-row.ts'
import { FileEvents } from './file-event.ts'
import { RowDirection } from './row-direction.ts'

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
