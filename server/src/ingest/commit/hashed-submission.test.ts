import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { contentHash } from '../parse/content-hash.ts'
import { hashInBatches } from './hashed-submission.ts'
import { parseEvents } from '../parse/parse-events.ts'

it('events with as much data as allowed are hashed in many turns of the event loop', async () => {
  const now = Date.UTC(2026, 10, 28)
  const event = { source: 'erp', type: 'note.added', order: 'SO-1', occurredAt: '2026-11-27T08:00:00Z' }
  const keys = Array.from({ length: 1_000 }, (_, i) => 1_000 - i)
  const events = Array.from({ length: 300 }, (_, i) => {
    return { ...event, id: `e${i}`, data: Object.fromEntries(keys.map((key) => [`k${i}-${key}`, key])) }
  })
  const parsed = parseEvents('application/json', events, now)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  let isOver = false
  let turns = 0
  const count = async (): Promise<void> => {
    for (; !isOver; turns++) await setImmediate()
  }
  const counting = count()
  const hashed = await hashInBatches({ items: parsed.items })
  isOver = true
  await counting
  // A slower machine takes more turns: each ends when its time is up.
  expect(turns).toBeGreaterThan(10)
  const hashes = parsed.items.map((item) => (item.ok ? contentHash(item.event) : undefined))
  expect(hashed.map((item) => (item.ok ? item.contentHash : undefined))).toEqual(hashes)
})

it.each([undefined, false, true])('an event is imported if its request says so: %s', async (imported) => {
  const event = { source: 'erp', id: 'e-1', type: 'order.placed', order: 'SO-1', occurredAt: '2026-11-27T08:00:00Z' }
  const parsed = parseEvents('application/json', [event, { ...event, source: '' }], Date.UTC(2026, 10, 28))
  if (!parsed.ok) throw new Error(parsed.problem.message)
  const hashed = await hashInBatches({ items: parsed.items, imported, keyId: 'k-1', importId: 7 })
  expect(hashed).toMatchObject([
    { index: 0, ok: true, imported: imported === true, keyId: 'k-1', importId: 7 },
    { index: 1, ok: false },
  ])
})
