import { DryRun } from '@stagewatch/server/engine/dry-run/dry-run.ts'
import { answerLine, linesType } from '@stagewatch/shared/contract/answer-lines.ts'
import { lagAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { foldOrder } from '@stagewatch/shared/domain/fold-order.ts'
import { eventLog } from '@stagewatch/shared/domain/testing/event-log.ts'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { call } from './call.ts'
import { expectProblem } from './expect-problem.ts'
import { cutting, hour } from './rule-plant.ts'

/** Maximum number of running and waiting queries per site. */
const maxPerSite = 12
const line = answerLine(lagAnswer)

let server: StartedServer
let key: string

beforeAll(async () => {
  server = await startServer()
  key = await server.createKey(['admin', 'ingest', 'read'])
})
afterAll(() => server.close())

const open = (name: 'questions' | 'dry_runs') => server.server.usage()[name]?.size

/** Blocks all other readers of the event log while `act` runs. */
async function whileLogIsLocked(act: () => Promise<void>): Promise<void> {
  // Caches the key, because a database with one connection answers nothing else during the lock.
  expect((await ask('analysis/lag')).status).toBe(200)
  await server.database.transaction(async (tx) => {
    await tx.query('lock table events in access exclusive mode')
    await act()
  })
}

function ask(path: string, signal?: AbortSignal, body?: unknown): Promise<Response> {
  return fetch(`${server.url}/api/v1/${path}`, {
    headers: {
      authorization: `Bearer ${key}`,
      accept: linesType,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    ...(signal && { signal }),
  })
}

/** The first line of a streamed response. */
async function firstLine({ body }: Response): Promise<unknown> {
  let text = ''
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader()
  while (!text.includes('\n')) text += (await reader.read()).value ?? ''
  reader.releaseLock()
  return JSON.parse(text.split('\n')[0]!)
}

describe('a slow analysis query', () => {
  it('is answered in one line if it turns out to be fast', async () => {
    const reply = await ask('analysis/lag')
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, linesType])
    const lines = (await reply.text()).trimEnd().split('\n')
    expect(lines.map((text) => Object.keys(line.parse(JSON.parse(text))))).toEqual([['result']])
    const wrong = await ask('analysis/lag?from=2999-01-01T00:00:00Z')
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { code: 'invalid_field' }])
  })

  it('reports its progress, and is cancelled when its client disconnects', async () => {
    await whileLogIsLocked(async () => {
      const [mine, other] = [new AbortController(), new AbortController()]
      const answers = await Promise.all([mine, other].map(({ signal }) => ask('analysis/lag?rows=stage', signal)))
      expect(await firstLine(answers[0]!)).toEqual({ progress: { done: 0, total: 0 } })
      expect(open('questions')).toBe(1)
      mine.abort()
      expect(await firstLine(answers[1]!)).toHaveProperty('progress')
      expect(open('questions')).toBe(1)
      other.abort()
      await eventually(() => expect(open('questions')).toBe(0))
    })
  })

  it('is refused while too many queries of its site wait, until one of them is cancelled', async () => {
    await whileLogIsLocked(async () => {
      const waiting = Array.from({ length: maxPerSite }, () => new AbortController())
      // Each ends with the error of an aborted connection.
      const wait = (customer: string, { signal }: AbortController) =>
        ask(`analysis/lag?customer=${customer}`, signal).catch(() => undefined)
      const asked = waiting.map((controller, i) => wait(`C${i}`, controller))
      await eventually(() => expect(open('questions')).toBe(maxPerSite))
      const refused = await call(`${server.url}/api/v1/analysis/lag?customer=more`, { key })
      expectProblem(refused, 429, 'rate_limited')
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      waiting[0]!.abort()
      await eventually(() => expect(open('questions')).toBe(maxPerSite - 1))
      const taken = new AbortController()
      asked.push(wait('more', taken))
      await eventually(() => expect(open('questions')).toBe(maxPerSite))
      for (const each of [...waiting, taken]) each.abort()
      await eventually(() => expect(open('questions')).toBe(0))
      await Promise.all(asked)
    })
  })
})

describe('a slow dry run', () => {
  const orders = 200_000
  const body = { definition: cutting({ targetMs: hour }), days: 1 }

  beforeAll(async () => {
    const { engine } = await server.server.sites.get('main')
    engine.setProcess([{ definition: cutting({}) }], 0)
    const since = Date.now() - 2 * hour
    for (let i = 0; i < orders; i++) {
      // Otherwise open connections would run into their timeout.
      if (i % 1_000 === 0) await setImmediate()
      const order = `SO-${i}`
      const events = eventLog(['stage.entered', since, { stage: 'cut', order }])
      engine.apply(order, 'default', foldOrder(order, events, { isTerminal: () => false }), 1, since)
    }
  })

  it('runs once per caller, and ends when the client disconnects', async () => {
    const path = 'admin/processes/default/dry-run'
    const lines = (await (await ask(path, undefined, body)).text()).trimEnd().split('\n')
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ result: { total: { open: orders } } })

    const runs = vi.spyOn(DryRun.prototype, 'run')
    onTestFinished(() => runs.mockRestore())
    const cut = new AbortController()
    const running = await ask(path, cut.signal, body)
    expect(await firstLine(running)).toHaveProperty('progress')
    expectProblem(await call(`${server.url}/api/v1/${path}`, { key, body }), 429, 'rate_limited')
    expect(open('dry_runs')).toBe(1)
    cut.abort()
    await eventually(() => expect(open('dry_runs')).toBe(0))
    const { done, total } = (runs.mock.contexts[0] as DryRun).progress
    expect(done).toBeLessThan(total)
    expect((await ask(path, undefined, body)).status).toBe(200)
  })
})
