import { Worker } from 'node:worker_threads'
import { setImmediate } from 'node:timers/promises'
import { LocalDays } from '@stagewatch/shared/domain/local-days.ts'
import * as fc from 'fast-check'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { FlowTable } from '../flow-table.ts'
import { GroupTable } from '../group-table.ts'
import { PartTable } from '../part-table.ts'
import { SumTable } from '../sum-table.ts'
import { StageTable } from '../stage-table.ts'
import { partedRow, visitRow } from '../testing/visit-row.ts'
import { timeColumns } from '../time-columns.ts'
import { rowsPerChunk } from '../visit-columns.ts'
import type { DwellClock, VisitRow } from '../visit-columns.ts'
import type { VisitFilter } from '../visit-filter.ts'
import { VisitStore } from '../visit-store.ts'
import { ScanPool } from './scan-pool.ts'
import { ScanWatch } from './scan-watch.ts'
import { startScanThread } from './scan-worker.ts'
import { groupsReading, stagesReading } from './testing/table-reading.ts'
import { directScans } from './visit-scans.ts'

const ids = fc.array(fc.nat(4), { minLength: 1 }).map((some) => new Set(some))
const instant = fc.integer({ min: -1e9, max: 1e9 })
const filter: fc.Arbitrary<VisitFilter> = fc.record(
  { fromMs: instant, toMs: instant, stages: ids, departments: ids, customers: ids, products: ids },
  { requiredKeys: [] },
)
const clock = fc.constantFrom<DwellClock>('elapsed', 'working')
const dimension = fc.constantFrom('stage', 'department', 'customer', 'product')
const wholeTime = { starts: Float64Array.of(-Infinity), columns: Uint32Array.of(0) }
const fewRuns = { numRuns: 10 }

const pools: ScanPool[] = []
const store = storeOf(2.5 * rowsPerChunk, fc.sample(visitRow, { numRuns: 5000, seed: 7 }))

function newPool(threads: number, start?: () => Worker): ScanPool {
  const pool = new ScanPool(threads, start)
  pools.push(pool)
  return pool
}

function storeOf(count: number, rows: readonly VisitRow[]): VisitStore {
  const filled = new VisitStore()
  for (let i = 0; i < count; i++) filled.add({ ...rows[i % rows.length]!, order: i % 70_001 })
  return filled
}

/** Sums of the rows exceed 2^53, where the order of addition affects the last digit. */
function roundedSums({ sums }: SumTable) {
  return sums.map((sum) => ({ ...sum, sumMs: sum.sumMs.toPrecision(12) }))
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()))
})

describe('a pool of threads', () => {
  const pool = new ScanPool(3)
  afterAll(() => pool.close())

  it('counts the visits of each stage as one thread does', async () => {
    await fc.assert(
      fc.asyncProperty(filter, clock, async (wanted, byClock) => {
        const [ours, direct] = [new StageTable(), new StageTable()]
        await pool.scan(ours, store, wanted, byClock)
        await directScans.scan(direct, store, wanted, byClock)
        expect(stagesReading(ours)).toEqual(stagesReading(direct))
      }),
      fewRuns,
    )
  })

  it('counts groups by time as one thread does', async () => {
    const kind = fc.constantFrom('hour', 'day', 'hourOfDay', 'weekday')
    const days = new LocalDays('Asia/Shanghai')
    await fc.assert(
      fc.asyncProperty(filter, clock, dimension, kind, instant, async (wanted, byClock, rows, columns, from) => {
        const spans = timeColumns(columns, from, from + 1e8, days)
        const plan = { kind: 'groups', dimension: rows, spans: spans.starts, maxRows: 10_000 } as const
        const [ours, direct] = [new GroupTable(plan), new GroupTable(plan)]
        const within = { ...wanted, fromMs: spans.from, toMs: spans.to }
        await pool.scan(ours, store, within, byClock)
        await directScans.scan(direct, store, within, byClock)
        expect(groupsReading(ours)).toEqual(groupsReading(direct))
      }),
      fewRuns,
    )
  })

  it('counts arrivals and departures as one thread does', async () => {
    const { starts, to } = timeColumns('hour', -2e8, 2e8, new LocalDays('Asia/Shanghai'))
    const plan = { kind: 'flow', spans: starts, to } as const
    const [ours, direct] = [new FlowTable(plan), new FlowTable(plan)]
    await pool.scan(ours, store, { fromMs: starts.starts[0]! }, 'elapsed')
    await directScans.scan(direct, store, { fromMs: starts.starts[0]! }, 'elapsed')
    expect(direct.stages.size).toBe(4)
    expect(new Map(ours.stages)).toEqual(new Map(direct.stages))
  })

  it('adds up the visits of each name as one thread does', async () => {
    await fc.assert(
      fc.asyncProperty(filter, clock, dimension, async (wanted, byClock, name) => {
        const plan = { kind: 'sums', dimension: name } as const
        const [ours, direct] = [new SumTable(plan), new SumTable(plan)]
        await pool.scan(ours, store, wanted, byClock)
        await directScans.scan(direct, store, wanted, byClock)
        expect([roundedSums(ours), ours.total]).toEqual([roundedSums(direct), direct.total])
      }),
      fewRuns,
    )
  })

  it('adds up how time was spent as one thread does, also by what was first reported after a scan', async () => {
    const [first, ...others] = fc.sample(partedRow, { numRuns: 500, seed: 11 })
    const plain = { ...first!, parts: undefined }
    const parted = storeOf(2.5 * rowsPerChunk, [plain])
    const plan = { kind: 'parts', dimension: 'customer', spans: wholeTime, maxRows: 100 } as const
    const both = async (): Promise<void> => {
      const [ours, direct] = [new PartTable(plan), new PartTable(plan)]
      await pool.scan(ours, parted, {}, 'elapsed')
      await directScans.scan(direct, parted, {}, 'elapsed')
      expect([...ours.rows].toSorted(([a], [b]) => a - b)).toEqual([...direct.rows].toSorted(([a], [b]) => a - b))
    }
    await both()
    for (let id = 0; id < others.length; id++) parted.remove(id * 300)
    for (const row of others) parted.add(row)
    await both()
  })

  it('reports its progress, and stops between chunks when nobody waits any longer', async () => {
    const watch = new ScanWatch()
    const table = new StageTable()
    const scanning = pool.scan(table, store, {}, 'working', watch)
    expect(watch.progress.total).toBe(3)
    watch.cancel()
    await expect(scanning).rejects.toThrow('no longer waits')
    expect(table.stages.size).toBe(0)
    await expect(pool.scan(table, store, {}, 'working', watch)).rejects.toThrow('no longer waits')

    const whole = new ScanWatch()
    await pool.scan(table, store, {}, 'working', whole)
    await pool.scan(new StageTable(), store, {}, 'working', whole)
    expect(whole.progress).toEqual({ done: 6, total: 6 })
  })

  it('answers questions that are asked at once, each with its own answer', async () => {
    const asked = [0, 1, 2, 3, 4].map(async (customer) => {
      const table = new StageTable()
      await pool.scan(table, store, { customers: new Set([customer]) }, 'working')
      return stagesReading(table)
    })
    const direct = [0, 1, 2, 3, 4].map(async (customer) => {
      const table = new StageTable()
      await directScans.scan(table, store, { customers: new Set([customer]) }, 'working')
      return stagesReading(table)
    })
    expect(await Promise.all(asked)).toEqual(await Promise.all(direct))
  })

  it('sees chunks that a store has got since the last question', async () => {
    const growing = storeOf(2 * rowsPerChunk, [visit(1)])
    const visits = async (): Promise<number | undefined> => {
      const table = new StageTable()
      await pool.scan(table, growing, {}, 'working')
      return table.stages.get(1)?.visits
    }
    expect(await visits()).toBe(2 * rowsPerChunk)
    for (let i = 0; i < rowsPerChunk + 1; i++) growing.add(visit(1))
    expect(await visits()).toBe(3 * rowsPerChunk + 1)
  })

  it('releases stores that were not queried for long, and loads them again on demand', async () => {
    const stores = Array.from({ length: 12 }, (_, i) => storeOf((2 + (i % 2)) * rowsPerChunk, [visit(1)]))
    const visitsOf = async (asked: VisitStore): Promise<number | undefined> => {
      const table = new StageTable()
      await pool.scan(table, asked, {}, 'working')
      return table.stages.get(1)?.visits
    }
    for (const asked of [...stores, ...stores]) expect(await visitsOf(asked)).toBe(asked.size)
    expect(pool.usage).toEqual({ size: 8, limit: 8 })
  })

  it('stops early when a table has more rows than are of use', async () => {
    const many = new VisitStore()
    for (let i = 0; i < 3 * rowsPerChunk; i++) many.add({ ...visit(1), order: i, customer: i })
    const spans = timeColumns('day', 0, 1, new LocalDays('UTC'))
    const table = new GroupTable({ kind: 'groups', dimension: 'customer', spans: spans.starts, maxRows: 10 })
    await pool.scan(table, many, { fromMs: spans.from, toMs: spans.to }, 'working')
    expect(table.isFull).toBe(true)
    expect(table.groups.size).toBeLessThan(3 * rowsPerChunk)
  })
})

describe('while visits are being written', () => {
  it('no answer mixes the halves of two visits', async () => {
    const pool = newPool(2)
    const changing = new VisitStore()
    const places = Array.from({ length: 2 * rowsPerChunk }, (_, i) => changing.add(visit(i % customers)))
    let turn = 0
    for (let question = 0; question < 30; question++) {
      const customer = question % customers
      const table = new StageTable()
      const answered = pool.scan(table, changing, { customers: new Set([customer]) }, 'working').then(() => 'answered')
      while ((await Promise.race([answered, setImmediate('waiting')])) === 'waiting') {
        for (let i = 0; i < 20_000; i++) {
          turn += 1
          const place = (turn * 31) % places.length
          changing.remove(places[place]!)
          places[place] = changing.add(visit(turn % customers))
        }
      }
      // Each visit encodes its customer three times: in its stage, its order and its duration.
      const { stage, order, workingMs } = visit(customer)
      const [first, ...others] = [...table.stages]
      expect(others).toEqual([])
      const [foundStage, found] = first!
      const { minMs, maxMs, visits, sumMs, orders, orderSet } = found
      expect({ foundStage, minMs, maxMs }).toEqual({ foundStage: stage, minMs: workingMs, maxMs: workingMs })
      expect(sumMs).toBe(visits * workingMs)
      expect([orders, orderSet.bit(order)]).toEqual([1, 1])
    }
  })
})

describe('a thread that ends', () => {
  const expected = new StageTable()

  it('is replaced, and its question is answered all the same', async () => {
    const threads: Worker[] = []
    const pool = newPool(2, () => {
      threads.push(startScanThread())
      return threads.at(-1)!
    })
    const asked = [0, 1, 2].map(async () => {
      const table = new StageTable()
      await pool.scan(table, store, {}, 'working')
      return stagesReading(table)
    })
    await threads[0]!.terminate()
    await directScans.scan(expected, store, {}, 'working')
    for (const answer of await Promise.all(asked)) expect(answer).toEqual(stagesReading(expected))
    expect(threads.length).toBeGreaterThan(2)
  })

  it('fails its question with the reason when another one ends in the same way', async () => {
    const pool = newPool(1, () => new Worker(new URL('testing/broken-thread.ts', import.meta.url)))
    const asked = pool.scan(new StageTable(), store, {}, 'working')
    await expect(asked).rejects.toMatchObject({
      message: 'a thread that scans visits failed',
      cause: { message: 'this thread is broken' },
    })
  })
})

describe('a pool that closes', () => {
  it('ends its threads and rejects pending scans', async () => {
    const ended: Promise<unknown>[] = []
    const pool = newPool(2, () => {
      const thread = startScanThread()
      ended.push(new Promise((settle) => thread.once('exit', settle)))
      return thread
    })
    const asked = pool.scan(new StageTable(), store, {}, 'working')
    const refusal = asked.catch((error: unknown) => error)
    await pool.close()
    expect(await refusal).toMatchObject({ message: 'the server is closing' })
    expect(await Promise.all(ended)).toHaveLength(2)
    await expect(pool.scan(new StageTable(), store, {}, 'working')).rejects.toThrow('the server is closing')
  })
})

const customers = 5

/** A visit whose numbers all derive from its customer. */
function visit(customer: number): VisitRow {
  const workingMs = 1000 * 2 ** (8 * customer)
  return {
    stage: customer,
    order: 100 + customer,
    department: customer,
    customer,
    customerClass: customer,
    product: customer,
    enteredAt: -workingMs,
    leftAt: 0,
    workingMs,
    rework: false,
    hasTarget: customer % 2 === 0,
    breach: undefined,
  }
}
