import { Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'

export const batchSize = 50
const orderCount = 5_000
const stages = ['picking', 'packing', 'labelling']
const answerWithinMs = 60_000
/** Clients at the same time; one that waits for its answer sends nothing else. */
const maxOpen = 600

export interface Outcome {
  readonly path: string
  /** 0: no answer, so that it is unknown what was stored. */
  readonly status: number
  readonly tookMs: number
  readonly retryAfter: string | undefined
  /** Of a batch of events. */
  readonly batch?: number
}

/** Sends requests at a rate that does not depend on the answers, as many independent clients do, while any is free. */
export class OfferedLoad {
  readonly outcomes: Outcome[] = []
  /** Ids of the events of a batch are `BATCH-NUMBER`. */
  batches = 0
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  readonly #open = new Set<Promise<void>>()

  readonly #url: string
  readonly #key: string

  constructor(url: string, key: string) {
    this.#url = url
    this.#key = key
  }

  /** Events per second that the server stores if senders wait for its answers. */
  async measureCapacity(durationMs: number): Promise<number> {
    const until = performance.now() + durationMs
    let stored = 0
    const sendAll = async (): Promise<void> => {
      while (performance.now() < until) {
        const outcome = await this.sendBatch()
        if (outcome.status === 200) stored += batchSize
      }
    }
    await Promise.all(Array.from({ length: 8 }, sendAll))
    return (stored * 1_000) / durationMs
  }

  /** Calls `send` this often per second, whatever becomes of the earlier calls. */
  async offer(perSecond: number, durationMs: number, send: () => Promise<unknown>): Promise<void> {
    const beganAt = performance.now()
    let sent = 0
    while (performance.now() - beganAt < durationMs) {
      const due = Math.floor(((performance.now() - beganAt) * perSecond) / 1_000)
      for (; sent < due; sent++) if (this.#open.size < maxOpen) this.#track(send())
      await delay(5)
    }
  }

  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open)
    this.#agent.destroy()
  }

  sendBatch(): Promise<Outcome> {
    const batch = this.batches++
    const occurredAt = new Date().toISOString()
    const events = Array.from({ length: batchSize }, (_, i) => ({
      source: 'load',
      id: `${batch}-${i}`,
      type: 'stage.entered',
      order: orderOf(batch, i),
      stage: stages[batch % stages.length],
      occurredAt,
    }))
    return this.#send('/api/v1/events', JSON.stringify(events), batch)
  }

  read(path: string): Promise<Outcome> {
    return this.#send(path)
  }

  #track(sending: Promise<unknown>): void {
    const tracked = sending.then(() => void this.#open.delete(tracked))
    this.#open.add(tracked)
  }

  #send(path: string, body?: string, batch?: number): Promise<Outcome> {
    const beganAt = performance.now()
    return new Promise((resolve) => {
      const settle = (status: number, retryAfter?: string): void => {
        const tookMs = performance.now() - beganAt
        const outcome = { path, status, tookMs, retryAfter, ...(batch !== undefined && { batch }) }
        this.outcomes.push(outcome)
        resolve(outcome)
      }
      const sent = request(`${this.#url}${path}`, {
        agent: this.#agent,
        method: body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${this.#key}`, 'content-type': 'application/json' },
        timeout: answerWithinMs,
      })
      sent.on('timeout', () => sent.destroy())
      sent.on('error', () => settle(0))
      sent.on('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', () => settle(0))
        response.on('end', () => {
          const { statusCode = 0, headers } = response
          if (batch !== undefined && statusCode === 200) {
            const { accepted } = eventsAnswer.parse(JSON.parse(Buffer.concat(chunks).toString()))
            if (accepted !== batchSize) throw new Error(`only ${accepted} events of a batch were accepted`)
          }
          settle(statusCode, headers['retry-after'])
        })
      })
      sent.end(body)
    })
  }
}

export function orderOf(batch: number, i: number): string {
  return `SO-${(batch * batchSize + i) % orderCount}`
}

/** The nearest-rank percentile. */
export function percentile(values: readonly number[], ratio: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? 0
}
