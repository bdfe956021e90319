import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { openTable } from '../tables/open-table.ts'
import type { EventRow } from './event-row.ts'
import { eventRowReader } from './event-row.ts'
import { extendProcess, ProcessDiscovery, roundTargetMs } from './process-discovery.ts'
import { recordsOf } from '../tables/table-file.ts'

const hourMs = 3_600_000

function rowsOf(order: string, way: readonly (readonly [stage: string, hour: number])[]): EventRow[] {
  return way.map(([stage, hour], i) => ({
    row: i + 1,
    type: 'stage.entered',
    order,
    stage,
    occurredAt: hour * hourMs,
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
  }))
}

function discover(rows: readonly EventRow[], terminal: readonly string[] = []) {
  const discovery = new ProcessDiscovery()
  for (const row of rows) discovery.add(row)
  return discovery.process('default', new Set(terminal))
}

test('stages stand in the order in which most orders pass them, with targets that four of five visits kept', () => {
  const rows = [1, 2, 3, 4, 5].flatMap((hours) =>
    rowsOf(`SO-${hours}`, [
      ['pick', 0],
      ['pack', hours],
      ['ship', hours + 10],
    ]),
  )
  const process = discover(
    [
      ...rows,
      ...rowsOf('SO-6', [
        ['pack', 0],
        ['pick', 2],
      ]),
    ],
    ['ship'],
  )
  expect(process).toMatchObject({ code: 'default', name: { zh: 'default', en: 'default' }, acceptsNewStages: false })
  expect(process.stages.map(({ code, terminal }) => [code, terminal])).toEqual([
    ['pick', undefined],
    ['pack', undefined],
    ['ship', true],
  ])
  // Picking took 1 to 5 hours; packing took 10 hours five times and 2 hours once. A target counts as missed once it is
  // reached.
  expect(process.stages.map(({ targetMs }) => targetMs)).toEqual([4.25 * hourMs, 11 * hourMs, undefined])
})

test('orders that ended early do not pull a stage behind those they never reached', () => {
  const whole = rowsOf('whole', [
    ['a', 0],
    ['b', 1],
    ['c', 2],
    ['d', 3],
  ])
  const early = ['1', '2', '3', '4', '5'].flatMap((order) =>
    rowsOf(order, [
      ['a', 0],
      ['b', 1],
    ]),
  )
  const late = ['6', '7', '8'].flatMap((order) =>
    rowsOf(order, [
      ['c', 0],
      ['d', 1],
    ]),
  )
  expect(discover([...early, ...late, ...whole]).stages.map((stage) => stage.code)).toEqual(['a', 'b', 'c', 'd'])
})

test('a stage column that is none is refused', () => {
  const rows = Array.from({ length: 501 }, (_, i) => rowsOf('SO-1', [[`note ${i}`, i]])).flat()
  expect(() => discover(rows)).toThrow('more than 500 stages')
})

test('five hundred stages are a process', () => {
  const rows = Array.from({ length: 500 }, (_, i) =>
    rowsOf('SO-1', [
      [`stage ${i}`, i],
      [`stage ${i}`, i],
    ]),
  ).flat()
  expect(discover(rows).stages).toHaveLength(500)
})

test('the stages in which most orders ended are told, three at most', () => {
  const discovery = new ProcessDiscovery()
  const ends = ['ship', 'ship', 'pack', 'ship', 'pack', 'bill', 'pick', 'ship', 'pack', 'bill']
  for (const [i, end] of ends.entries())
    for (const row of rowsOf(`SO-${i}`, [['place', 0], [end, 1]])) discovery.add(row) // prettier-ignore
  for (const _ of [1, 2]) {
    discovery.process('default', new Set())
    expect(discovery.lastStages()).toEqual([
      { stage: 'ship', ratio: 0.4 },
      { stage: 'pack', ratio: 0.3 },
      { stage: 'bill', ratio: 0.2 },
    ])
  }
})

test('of rows at one instant the upper one comes first, unless the newest rows stand first', () => {
  const rows = [
    ...rowsOf('SO-1', [['pack', 1], ['pick', 1], ['place', 0]]), // prettier-ignore
    ...rowsOf('SO-2', [['pack', 2], ['pick', 1], ['place', 1]]), // prettier-ignore
  ]
  const codes = (isDescending: boolean | undefined) => {
    const discovery = new ProcessDiscovery(isDescending)
    for (const row of rows.slice(0, 3)) discovery.add(row)
    return discovery.process('default', new Set()).stages.map(({ code }) => code)
  }
  expect(codes(true)).toEqual(['place', 'pick', 'pack'])
  expect(codes(false)).toEqual(['place', 'pack', 'pick'])
  expect(codes(undefined)).toEqual(['place', 'pack', 'pick'])
})

test('a stage that no sampled order reached stands last', () => {
  const [first] = rowsOf('SO-1', [['pick', 0]])
  if (first === undefined) throw new Error('there is a row')
  const rows: EventRow[] = [{ ...first, type: 'note.added', stage: undefined }, first]
  expect(discover(rows).stages.map(({ code }) => code)).toEqual(['pick'])
})

test('a known process keeps its stages and gets those that it lacks', () => {
  const known = { ...discover(rowsOf('SO-1', [['pack', 0]])), name: { zh: '流程', en: 'Flow' }, acceptsNewStages: true }
  const extended = extendProcess(
    known,
    discover(
      rowsOf('SO-1', [
        ['pick', 0],
        ['pack', 2],
        ['ship', 3],
      ]),
    ),
  )
  expect(extended.stages.map(({ code, targetMs }) => [code, targetMs !== undefined])).toEqual([
    ['pack', false],
    ['pick', true],
    ['ship', false],
  ])
  expect(extended).toMatchObject({ name: { zh: '流程', en: 'Flow' }, acceptsNewStages: true })
})

const root = resolve(import.meta.dirname, '../../../..')
/** Real event logs, which are not part of the repository. */
const logs = resolve(root, process.env['STAGEWATCH_LOGS'] ?? '../shared/data')

/** Result of `--discover` for a real log: the stages in order, targets in whole hours, 0 for no target. */
async function discoverLog(name: string): Promise<(readonly [string, number])[]> {
  const file = await openTable(join(logs, name, 'events.csv.gz'))
  const reader = eventRowReader(file.header, { as: 'completed', clock: undefined })
  const discovery = new ProcessDiscovery()
  for await (const record of recordsOf(file)) {
    const outcome = reader.read(record)
    if (outcome.ok) discovery.add(outcome.value)
  }
  await file.close()
  const { stages } = discovery.process(name, new Set())
  return stages.map(({ code, targetMs }) => [code, Math.round((targetMs ?? 0) / hourMs)])
}

test.for([
  [
    'northwind',
    [
      ['ordered', 0],
      ['shipped', 252],
    ],
  ],
  [
    'olist_orders',
    [
      ['purchase', 0],
      ['payment approved', 24],
      ['handed to carrier', 108],
      ['delivered', 348],
    ],
  ],
  [
    'scms_deliveries',
    [
      ['price quote sent to client', 0],
      ['PO sent to vendor', 540],
      ['delivered to client', 3492],
      ['delivery recorded', 0],
    ],
  ],
] as const)('the process of the log %s', async ([name, stages], { skip }) => {
  if (!existsSync(logs)) skip('STAGEWATCH_LOGS names no folder of real logs')
  expect(await discoverLog(name)).toEqual(stages)
})

test.for([
  ['2 s', 2, 60],
  ['59.999 s', 59.999, 60],
  ['1 min', 60, 120],
  ['9 min 59 s', 599, 600],
  ['10 min', 600, 900],
  ['12 min', 720, 900],
  ['1 h 57 min', 7_020, 7_200],
  ['2 h', 7_200, 8_100],
  ['5 h 29 min', 19_740, 19_800],
  ['7 h 59 min', 28_740, 28_800],
  ['8 h', 28_800, 32_400],
  ['37 h 9 min', 133_740, 38 * 3_600],
  ['47 h 59 min', 172_740, 48 * 3_600],
  ['48 h', 172_800, 60 * 3_600],
  ['3 days', 3 * 86_400, 3.5 * 86_400],
] as const)('a target for a duration of %s is rounded up, and longer than it', ([, seconds, target]) => {
  expect(roundTargetMs(seconds * 1_000)).toBe(target * 1_000)
})
