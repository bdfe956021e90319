import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { KeyCreated } from '@stagewatch/shared/contract/admin.ts'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { io } from 'socket.io-client'
import type { DatabasePlace } from '../ingest/ingest-settings.ts'
import { orderEvents, stages } from '../ingest/order-events.ts'
import { nextMessage } from '../next-message.ts'
import type { AttackedMemory, AttackedSettings, AttackRequest, FromAttacked } from './attacked-server.ts'

/** A server in its own process, attacked from this one. */
export class AttackedServer {
  readonly url: string
  readonly #process: ChildProcess
  readonly #token: string

  private constructor(url: string, child: ChildProcess, token: string) {
    this.url = url
    this.#process = child
    this.#token = token
  }

  static async start(
    place: DatabasePlace,
    memoryVisits: number,
    opened: AsyncDisposableStack,
  ): Promise<AttackedServer> {
    const settings: AttackedSettings = {
      ...place,
      memoryVisits,
      localAdminToken: randomBytes(32).toString('base64url'),
    }
    const child = fork(new URL('attacked-server.ts', import.meta.url), [JSON.stringify(settings)])
    opened.defer(() => void child.kill())
    const { url } = await nextMessage<FromAttacked, 'listening'>(child, 'listening')
    return new AttackedServer(url, child, settings.localAdminToken)
  }

  async memory(): Promise<AttackedMemory> {
    return (await this.#ask({ ask: 'memory' }, 'measured')).memory
  }

  views(count: number): Promise<{ readonly open: number; readonly refused: number }> {
    return this.#ask({ ask: 'views', count }, 'viewed')
  }

  /** Processor time of the longest turn of the server's event loop during the work, ms. */
  async longestTurn(work: () => Promise<unknown>): Promise<number> {
    await this.#ask({ ask: 'watch' }, 'watching')
    await work()
    return (await this.#ask({ ask: 'turn' }, 'turned')).longestMs
  }

  /** A refusal is an answer as well, and so is a connection that the server closes. @param body sent as it is; undefined for none. */
  async send(
    path: string,
    { method, body, headers }: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<void> {
    const json = body === undefined ? {} : { 'content-type': 'application/json', 'if-match': '*' }
    const asked = fetch(`${this.url}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: { authorization: `Bearer ${this.#token}`, ...json, ...headers },
      body: body ?? null,
      signal: AbortSignal.timeout(longestAnswerMs),
    })
    const reply = await asked.catch((error: unknown) => {
      if (!this.#process.connected || (error instanceof Error && error.name === 'TimeoutError')) throw error
      return Response.error()
    })
    await reply.arrayBuffer()
    if (reply.status >= 500) throw new Error(`${path} answers ${reply.status}`)
  }

  #ask<Is extends FromAttacked['is']>(request: AttackRequest, is: Is) {
    this.#process.send(request)
    return nextMessage<FromAttacked, Is>(this.#process, is)
  }

  async post<Answer>(path: string, body: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` }
    const reply = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!reply.ok) throw new Error(`${path} answers ${reply.status}: ${await reply.text()}`)
    return (await reply.json()) as Answer
  }

  async get(path: string): Promise<number> {
    const reply = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.#token}` } })
    await reply.arrayBuffer()
    return reply.status
  }
}

const atOnce = 1_000
/** An attack that takes longer has no answer, which is an error of the row. */
const longestAnswerMs = 60_000
const hourMs = 3_600_000

/** Four hours of events of a plant, ending now. */
export async function fill(server: AttackedServer, count: number): Promise<void> {
  const events = orderEvents(count, 1, Date.now())
  for (let i = 0; i < events.length; i += atOnce) await server.post('/api/v1/events', events.slice(i, i + atOnce))
}

/** Requests recordings concurrently as several viewers. @returns the number of recordings shown. */
export async function askForRecordings(server: AttackedServer, count: number, viewers: number): Promise<number> {
  const keys: string[] = []
  for (let i = 0; i < viewers; i++) {
    keys.push((await server.post<KeyCreated>('/api/v1/admin/keys', { name: `viewer ${i}`, scopes: ['read'] })).key)
  }
  const to = Date.now() - 60_000
  const recording = { from: to - 4 * hourMs, to, speed: 1 }
  const sockets = Array.from({ length: count }, (_, i) =>
    io(server.url, {
      transports: ['websocket'],
      auth: { token: keys[i % viewers] },
      forceNew: true,
      reconnection: false,
    }),
  )
  const answers = await Promise.all(
    sockets.map((socket) => socket.timeout(120_000).emitWithAck('board:join', { board: 'overview', recording })),
  )
  return answers.filter(({ ok }: { ok: boolean }) => ok).length
}

/** Sends events with a different source each. @returns how many were accepted. */
export async function nameSources(server: AttackedServer, count: number): Promise<number> {
  let accepted = 0
  for (let from = 0; from < count; from += atOnce) {
    const events = Array.from({ length: Math.min(atOnce, count - from) }, (_, i) => ({
      source: `made-up-source-${from + i}`,
      id: '1',
      type: 'stage.entered',
      order: `SO-${from + i}`,
      stage: stages[0],
      occurredAt: new Date().toISOString(),
    }))
    accepted += (await server.post<EventsAnswer>('/api/v1/events', events)).accepted
  }
  return accepted
}

/** Latencies of single events, one every 20 ms, in ms. */
export async function ingestLatencies(server: AttackedServer, count: number, name: string): Promise<number[]> {
  const answered: Promise<number>[] = []
  for (let i = 0; i < count; i++) {
    const sentAt = performance.now()
    const event = {
      source: 'erp',
      id: `${name}-${i}`,
      type: 'stage.entered',
      order: `SO-${name}-${i}`,
      stage: stages[0],
      occurredAt: new Date().toISOString(),
    }
    answered.push(server.post('/api/v1/events', event).then(() => performance.now() - sentAt))
    await delay(20)
  }
  return (await Promise.all(answered)).toSorted((a, b) => a - b)
}

/** Runs `count` concurrent streams of queries over the whole history until the work has ended. */
export async function whileAsking<T>(
  server: AttackedServer,
  count: number,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly statuses: Readonly<Record<number, number>> }> {
  let isOver = false
  const statuses: Record<number, number> = {}
  const askers = Array.from({ length: count }, async (_, i) => {
    for (let n = 0; !isOver; n++) {
      // Vary the query, because equal ones share their answer.
      const status = await server.get(`/api/v1/stages/stats?customer=C-${(i + n * count) % 300}`)
      statuses[status] = (statuses[status] ?? 0) + 1
    }
  })
  const result = await work()
  isOver = true
  await Promise.all(askers)
  return { result, statuses }
}
