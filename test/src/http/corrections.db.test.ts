import { correctionsAnswer } from '@stagewatch/shared/contract/corrections.ts'
import type { CorrectionsAnswer } from '@stagewatch/shared/contract/corrections.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { StartedServer } from '../harness/start-server.ts'
import { startServer } from '../harness/start-server.ts'
import { call } from './call.ts'

const hourMs = 3_600_000
const beginAt = Math.floor(Date.now() / hourMs) * hourMs - 48 * hourMs

let server: StartedServer
let key: string
beforeAll(async () => {
  server = await startServer()
  key = await server.createKey(['ingest'])
})
afterAll(() => server.close())

async function send(id: string, type: string, hours: number, rest: object = {}): Promise<void> {
  const occurredAt = new Date(beginAt + hours * hourMs).toISOString()
  const reply = await call(`${server.url}/api/v1/events`, {
    key,
    body: [{ source: 'wms', id, type, order: 'SO-1', occurredAt, ...rest }],
  })
  expect(reply.body).toMatchObject({ accepted: 1 })
}

async function corrections(query = ''): Promise<CorrectionsAnswer['corrections']> {
  const reply = await call(`${server.url}/api/v1/corrections?${query}`)
  expect(reply.status).toBe(200)
  return correctionsAnswer.parse(reply.body).corrections
}

it('events in order cause no correction; late and voided ones report which figures they changed', async () => {
  await send('1', 'stage.entered', 0, { stage: 'picking' })
  await send('2', 'stage.entered', 5, { stage: 'packing' })
  await send('3', 'stage.completed', 9, { stage: 'packing' })
  expect(await corrections()).toEqual([])

  await send('4', 'stage.completed', 3, { stage: 'picking' })
  const late = {
    order: 'SO-1',
    process: 'default',
    events: [{ source: 'wms', id: '4', type: 'stage.completed' }],
    cells: [
      { stage: 'picking', hourAt: beginAt + 5 * hourMs, visits: -1, dwellMs: -5 * hourMs },
      { stage: 'picking', hourAt: beginAt + 3 * hourMs, visits: 1, dwellMs: 3 * hourMs },
    ],
    open: [{ stage: 'picking', from: beginAt + 3 * hourMs, to: beginAt + 5 * hourMs, open: -1 }],
  }
  expect(await corrections()).toMatchObject([late])

  await send('5', 'event.voided', 10, { data: { source: 'wms', id: '4' } })
  const [back] = await corrections()
  expect(back?.events).toEqual([{ source: 'wms', id: '5', type: 'event.voided' }])
  expect(back?.open).toEqual([{ ...late.open[0], open: 1 }])
  expect(await corrections('order=SO-2')).toEqual([])
  expect(await corrections('limit=1')).toHaveLength(1)
})
