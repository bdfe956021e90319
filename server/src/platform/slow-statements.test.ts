import { Writable } from 'node:stream'
import type { Database, Transaction } from '@stagewatch/db/database.ts'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { VirtualClock } from './clock/virtual-clock.ts'
import { withLogContext } from './log-context.ts'
import { logSlowStatements } from './slow-statements.ts'

/** A database whose statements take as many ms as their parameter says, or fail after that time. */
function opened(slowMs = 1_000) {
  const clock = new VirtualClock(0)
  const lines: Record<string, unknown>[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)) as Record<string, unknown>)
      done()
    },
  })
  const take = async (parameters: readonly unknown[] = []): Promise<void> => {
    await Promise.resolve()
    clock.advanceTo(clock.now() + Number(parameters[0]))
    if (parameters[1] === 'fails') throw new Error('refused')
  }
  const tx: Transaction = {
    query: (_, parameters) => take(parameters).then(() => []),
    values: (_, parameters) => take(parameters).then(() => ({ rows: [], rowCount: 0 })),
    copyIn: () => take([1_500]),
  }
  const plain = {
    ...tx,
    kind: 'postgresql',
    transaction: (work: (tx: Transaction) => Promise<unknown>) => work(tx),
    longRunning: { ...tx, transaction: (work: (tx: Transaction) => Promise<unknown>) => work(tx) },
  } as unknown as Database
  const database = logSlowStatements(plain, { clock, logger: pino(stream), slowMs })
  return { clock, database, lines }
}

describe('a slow statement', () => {
  it('is logged with its request, without the values of its parameters', async () => {
    const { database, lines } = opened()
    await withLogContext({ requestId: '7f3a' }, () =>
      database.query('select *\n  from orders where $1 and customer = $2', [1_000, 'Huachen Ltd']),
    )
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'a statement was slow',
        requestId: '7f3a',
        durationMs: 1_000,
        statement: 'select * from orders where $1 and customer = $2',
      }),
    ])
    expect(JSON.stringify(lines)).not.toContain('Huachen')
  })

  it('is logged within a transaction, as rows that are added, and if it fails', async () => {
    const { database, lines } = opened()
    await withLogContext({ task: 'heartbeat' }, () =>
      database.transaction(async (tx) => {
        await tx.values('select 1', [2_000])
        await tx.copyIn('events (id)', [])
      }),
    )
    await expect(database.query('select 2', [3_000, 'fails'])).rejects.toThrow('refused')
    expect(lines.map(({ statement, task }) => [statement, task])).toEqual([
      ['select 1', 'heartbeat'],
      ['copy events (id) from stdin', 'heartbeat'],
      ['select 2', undefined],
    ])
  })

  it('is not logged below the limit, or if it is bulk work', async () => {
    const { database, lines } = opened()
    await database.query('select 1', [999])
    await database.longRunning.query('select 1', [60_000])
    expect(lines).toEqual([])
  })

  it('is logged at most 20 times a minute, with the number of the others', async () => {
    const { clock, database, lines } = opened(0)
    for (let i = 0; i < 50; i++) await database.query('select 1', [0])
    expect(lines).toHaveLength(20)
    clock.advanceTo(clock.now() + 60_000)
    await database.query('select 1', [0])
    expect(lines).toHaveLength(21)
    expect(lines.at(-1)).toMatchObject({ omittedLines: 30 })
    await database.query('select 1', [0])
    expect(lines.at(-1)).not.toHaveProperty('omittedLines')
  })

  it('has at most 2,000 characters', async () => {
    const { database, lines } = opened()
    await database.query(`select ${'1, '.repeat(5_000)}`, [1_000])
    expect(String(lines[0]?.['statement'])).toHaveLength(2_000)
  })
})
