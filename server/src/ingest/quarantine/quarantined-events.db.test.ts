import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadCauses, loadChosen, loadQuarantine } from './quarantine-table.ts'
import { loadWaiting, releaseQuarantined, retriedSubmissions, sendNothingWaits } from './quarantined-events.ts'
import { quarantineUsage, saveQuarantine } from './save-quarantine.ts'

const site = 'main'
let database: Database

beforeAll(async () => {
  database = await openTestDatabase()
  await database.query(`insert into sites (code, name, time_zone) values ('main', '{}', 'UTC'), ('east', '{}', 'UTC')`)
})
afterAll(() => database.close())
beforeEach(() => database.query('delete from quarantine'))

interface Rejected {
  readonly sender?: string
  readonly code?: ProblemCode
  readonly field?: string
  readonly occurredAt?: string
  readonly order?: string
  readonly raw?: unknown
}

/** Quarantines an event with the given id. */
function reject(id: string, more: Rejected = {}, at = site): Promise<void> {
  const { sender = 'wms', code = 'unknown_stage', field, occurredAt = '2026-01-02T08:00:00Z', order = 'A' } = more
  const raw = more.raw ?? { source: 'erp', id, type: 'stage.entered', order, stage: 'pick', occurredAt }
  const [event] = eventLog(['stage.entered', 0, { id, order }])
  return saveQuarantine(database, at, [{ sender, code, field, message: `${id} is wrong`, raw, event }])
}
async function idsOf(submissions: ReturnType<typeof retriedSubmissions>) {
  const found: [sender: string, ...ids: string[]][] = []
  for await (const { sender, items } of submissions) found.push([sender, ...items.map(({ event }) => event.id)])
  return found
}

describe('events that are tried again', () => {
  it('are those that the rules, the clock or an archive kept out, in the order of arrival by sender', async () => {
    await reject('1')
    await reject('2', { sender: 'mes', code: 'unknown_process' })
    await reject('3')
    await reject('4', { code: 'occurred_in_future' })
    await reject('5', { code: 'order_archived' })
    await reject('6', { code: 'invalid_time' })
    await reject('7', {}, 'east')
    expect(await idsOf(retriedSubmissions(database, site, 'rules'))).toEqual([
      ['wms', '1', '3'],
      ['mes', '2'],
    ])
    expect(await idsOf(retriedSubmissions(database, site, 'clock'))).toEqual([['wms', '4']])
    expect(await idsOf(retriedSubmissions(database, site, 'archive'))).toEqual([['wms', '5']])
  })

  it('are read by the clock of now if that was set, and else by that of their receipt', async () => {
    await reject('1', { code: 'occurred_in_future', occurredAt: '2100-01-02T08:00:00Z' })
    expect(await idsOf(retriedSubmissions(database, site, 'clock'))).toEqual([])
    const now = Date.UTC(2100, 0, 2)
    expect(await idsOf(retriedSubmissions(database, site, 'clock', now))).toEqual([['wms', '1']])
  })

  it('come with the row that they wait in and their place, without those that cannot be read', async () => {
    await reject('1', { raw: 'no event' })
    await reject('2')
    await database.query(`update quarantine set raw = left(raw, 20) where event_id = '1'`)
    const cloud = { specversion: '1.0', source: 'erp', id: '3', type: 'stage.entered', subject: 'A' }
    await reject('3', { raw: { ...cloud, time: '2026-01-02T08:00:00Z', data: { order: 'A', stage: 'pick' } } })
    const rows = await loadChosen(database, site, { all: true })
    const [{ items } = { items: [] }] = await Array.fromAsync(retriedSubmissions(database, site, 'rules'))
    expect(items.map(({ index, quarantineId, event }) => [index, quarantineId, event.id])).toEqual([
      [0, rows[1]?.id, '2'],
      [1, rows[2]?.id, '3'],
    ])
  })

  it('come a thousand at a time, twenty thousand at most', async () => {
    await database.query(
      `insert into quarantine (site, sender, code, message, raw, order_id, source, event_id)
       select 'main', 'wms', 'unknown_stage', '', json_build_object('source', 'erp', 'id', n::text, 'type',
         'stage.entered', 'order', 'A', 'stage', 'pick', 'occurredAt', '2026-01-02T08:00:00Z')::text, 'A', 'erp', n
       from generate_series(1, 20001) as n`,
    )
    const sizes = (await idsOf(retriedSubmissions(database, site, 'rules'))).map((ids) => ids.length - 1)
    expect(sizes).toEqual(Array.from({ length: 20 }, () => 1_000))
  })
})

describe('events that wait for the process of their order', () => {
  it('are found by order, oldest first, and released when they are in the log', async () => {
    await reject('1')
    await reject('2', { order: 'B' })
    await reject('3')
    await reject('4', { order: 'C' })
    await reject('5', { code: 'unknown_process' })
    const waiting = async () => {
      const found = await loadWaiting(database, site, ['A', 'B'])
      return [...found].map(([order, events]) => [order, ...events.map(({ event }) => event.id)])
    }
    expect(await waiting()).toEqual([
      ['A', '1', '3'],
      ['B', '2'],
    ])
    const [first] = (await loadWaiting(database, site, ['A'])).get('A') ?? []
    await releaseQuarantined(database, 'east', [first?.id ?? 0])
    await releaseQuarantined(database, site, [first?.id ?? 0])
    await releaseQuarantined(database, site, [])
    expect(await waiting()).toEqual([
      ['B', '2'],
      ['A', '3'],
    ])
  })

  it('make a commit fail that was planned without them', async () => {
    await reject('1')
    const commit = (orders: readonly string[]) =>
      database.transaction(async (tx) => {
        sendNothingWaits(tx, site, orders)
        await tx.query('select 1')
      })
    await expect(commit(['B', 'A'])).rejects.toThrow(/division by zero|transaction is aborted/)
    await expect(commit(['B'])).resolves.toBeUndefined()
    await expect(commit([])).resolves.toBeUndefined()
  })
})

describe('the quarantine of a site', () => {
  it('keeps the newest ten thousand events', async () => {
    await database.query(
      `insert into quarantine (site, sender, code, message, raw)
       select 'main', 'wms', 'conflict', 'number ' || n, '{}' from generate_series(1, 10000) as n`,
    )
    await reject('other', {}, 'east')
    const total = async () => (await loadQuarantine(database, site, { limit: 1 })).total
    expect(await total()).toBe(10_000)
    await reject('newest')
    expect(await total()).toBe(10_000)
    const [oldest] = await loadChosen(database, site, { all: true })
    expect(oldest?.message).toBe('number 2')
    expect(await quarantineUsage(database)).toMatchObject({
      quarantine: { size: 10_000, limit: 10_000 },
      quarantine_bytes: { limit: 64 * 1024 * 1024 },
    })
  })

  it('stores the first 64 KiB of an event, and no names that cannot be stored', async () => {
    const [event] = eventLog(['stage.entered', 0, { id: 'a\0b', order: '\uD83D' }])
    const rejected = { sender: 'wms', code: 'invalid_text', message: '', event } as const
    await saveQuarantine(database, site, [
      { ...rejected, raw: 'x'.repeat(70_000) },
      { ...rejected, raw: undefined },
    ])
    await saveQuarantine(database, site, [])
    expect(
      await database.query(`select length(raw) as length, order_id, source, event_id from quarantine order by id`),
    ).toEqual([
      { length: 65_536, order_id: null, source: 'erp', event_id: null },
      { length: 4, order_id: null, source: 'erp', event_id: null },
    ])
  })

  it('is summed up by cause, most frequent first, with the newest message and the senders', async () => {
    await reject('1', { sender: 'b', field: 'stage' })
    await reject('2', { code: 'conflict' })
    await reject('3', { sender: 'a', field: 'stage' })
    for (let i = 0; i < 12; i++) await reject(`s${i}`, { sender: `sender ${i}`, code: 'missing_field', field: 'order' })
    const { total, causes } = await loadCauses(database, site)
    expect(total).toBe(15)
    expect(causes.map(({ code, field, count, message }) => [code, field, count, message])).toEqual([
      ['missing_field', 'order', 12, 's11 is wrong'],
      ['unknown_stage', 'stage', 2, '3 is wrong'],
      ['conflict', undefined, 1, '2 is wrong'],
    ])
    expect(causes.map(({ senders }) => senders.length)).toEqual([10, 2, 1])
    expect(causes[2]).not.toHaveProperty('field')
    const page = await loadQuarantine(database, site, { code: 'missing_field', field: 'order', limit: 2 })
    expect(page.events.map(({ message }) => message)).toEqual(['s11 is wrong', 's10 is wrong'])
    const next = await loadQuarantine(database, site, { limit: 1, before: page.events[1]?.id })
    expect(next.events.map(({ message }) => message)).toEqual(['s9 is wrong'])
    const unnamed = await loadQuarantine(database, site, { field: '', limit: 9 })
    expect(unnamed.events.map(({ code }) => code)).toEqual(['conflict'])
    const upTo = await loadChosen(database, site, { all: true, upTo: next.events[0]?.id, field: 'order' })
    expect(upTo).toHaveLength(10)
  })

  it('names a hundred causes at most', async () => {
    await database.query(
      `insert into quarantine (site, sender, code, field, message, raw)
       select 'main', 'wms', 'conflict', 'field ' || n, '', '{}' from generate_series(1, 101) as n`,
    )
    const { total, causes } = await loadCauses(database, site)
    expect([total, causes.length]).toEqual([101, 100])
  })
})
