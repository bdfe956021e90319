import type { Database } from '@stagewatch/db/database.ts'
import { DatabaseUnavailableError } from '@stagewatch/db/database-unavailable.ts'
import { pino } from 'pino'
import { beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from './clock/virtual-clock.ts'
import { DatabaseMonitor } from './database-monitor.ts'

const begin = Date.parse('2026-11-20T14:20:00+08:00')

/** The database behind a connection that is lost or hangs. */
class Line {
  state: 'up' | 'down' | 'hanging' = 'up'
  caughtUp = 0

  async #reach(): Promise<void> {
    if (this.state === 'hanging') await new Promise(() => undefined)
    if (this.state === 'down') throw new DatabaseUnavailableError('away', 'the connection to the database is lost')
  }

  readonly query = async <Row>(): Promise<Row[]> => {
    await this.#reach()
    return []
  }

  readonly values = async () => {
    await this.#reach()
    return { rows: [], rowCount: 0 }
  }

  database(kind: Database['kind']): Database {
    const work = {
      query: this.query,
      values: this.values,
      transaction: () => Promise.reject(new Error('not asked for')),
    }
    const done = (): Promise<void> => Promise.resolve()
    const readSnapshot = () => Promise.reject(new Error('nothing is read'))
    return {
      kind,
      ...work,
      longRunning: work,
      copyOut: done,
      readSnapshot,
      listen: () => Promise.resolve(done),
      close: done,
    }
  }
}

let clock: VirtualClock
let line: Line

beforeEach(() => {
  clock = new VirtualClock(begin)
  line = new Line()
})

function open(kind: Database['kind'] = 'postgresql'): DatabaseMonitor {
  return new DatabaseMonitor({ database: line.database(kind), clock, logger: pino({ level: 'silent' }) })
}

async function catchUp(): Promise<void> {
  await line.query()
  line.caughtUp += 1
}

async function checkEverySecond(monitor: DatabaseMonitor, seconds: number, read = catchUp): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    clock.advanceTo(clock.now() + 1_000)
    // Does not wait for a check that hangs.
    await Promise.race([
      monitor.check(read),
      Promise.resolve().then(() => new Promise((done) => void setImmediate(done))),
    ])
  }
}

describe('a database that is checked every second', () => {
  it.each(['down', 'hanging'] as const)(
    'that is %s is missed within ten, with the last instant that was read',
    async (state) => {
      const monitor = open()
      await checkEverySecond(monitor, 60)
      line.state = state
      await checkEverySecond(monitor, 7)
      expect(monitor.dataAsOf).toBeUndefined()
      await checkEverySecond(monitor, 3)
      expect(monitor.dataAsOf).toBe(begin + 60_000)
      await checkEverySecond(monitor, 170)
      expect(monitor.dataAsOf).toBe(begin + 60_000)
    },
  )

  it('that answers again is back when what was missed has been read, and not before', async () => {
    const monitor = open()
    line.state = 'down'
    await checkEverySecond(monitor, 20)
    line.state = 'up'
    expect(monitor.dataAsOf).toBe(begin)
    await checkEverySecond(monitor, 1)
    expect([monitor.dataAsOf, line.caughtUp]).toEqual([undefined, 1])
    await checkEverySecond(monitor, 10)
    expect(line.caughtUp).toBe(1)
  })

  it('whose log cannot be read on is missed as well', async () => {
    const stuck = open()
    stuck.fellBehind()
    await checkEverySecond(stuck, 10, () => Promise.reject(new Error('an event that cannot be read')))
    expect(stuck.dataAsOf).toBe(begin)
  })

  it('counts as unavailable for its real duration, whatever happens to the wall clock', async () => {
    const monitor = open()
    line.state = 'down'
    clock.set(begin - 3_600_000)
    await checkEverySecond(monitor, 20)
    expect(monitor.dataAsOf).toBe(begin - 3_600_000)
    line.state = 'up'
    await checkEverySecond(monitor, 1)
    clock.set(begin + 86_400_000)
    expect(monitor.dataAsOf).toBeUndefined()
  })
})

it('an embedded database is never unavailable', async () => {
  const monitor = open('embedded')
  line.state = 'down'
  await checkEverySecond(monitor, 60)
  expect(monitor.dataAsOf).toBeUndefined()
})
