import { setTimeout as delay } from 'node:timers/promises'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import { sendUntilStored } from '../../harness/send-until-stored.ts'
import { UploadClient } from '../../imports/upload-client.ts'
import type { PlannedEvent, Sender } from './week-plan.ts'

const batchSize = 100
const retryMs = 500
const tickMs = 50

/** Sends what is planned when it is due, repeats what was not acknowledged, and some of it although it was. */
export class Senders {
  /** Acknowledged events. */
  readonly stored: OrderEvent[] = []
  failedCount = 0
  repeatedCount = 0
  importedFiles = 0
  readonly #queues: Readonly<Record<Sender, PlannedEvent[]>> = { erp: [], scanner: [], file: [] }
  readonly #planned: readonly PlannedEvent[]
  readonly #options: SenderOptions
  #next = 0
  #isPaused = false
  #isStopped = false
  #busy = 0

  constructor(planned: readonly PlannedEvent[], options: SenderOptions) {
    this.#planned = planned
    this.#options = options
  }

  /** Resolves when `stop` was called and everything due was sent. */
  async run(): Promise<void> {
    await Promise.all([
      this.#serve('erp', batchSize),
      this.#serve('scanner', 1),
      this.#serve('scanner', 1),
      this.#serve('file', Infinity),
    ])
  }

  stop(): void {
    this.#isStopped = true
  }

  /** Sends nothing that becomes due from now on; resolves when all that was due has been stored. */
  async pause(): Promise<void> {
    this.#takeDue()
    this.#isPaused = true
    while (this.#busy > 0 || Object.values(this.#queues).some(({ length }) => length > 0)) await delay(tickMs)
  }

  resume(): void {
    this.#isPaused = false
  }

  #takeDue(): void {
    if (this.#isPaused) return
    const now = this.#options.now()
    for (let next = this.#planned[this.#next]; next !== undefined && next.sendAt <= now;) {
      this.#queues[next.sender].push(next)
      next = this.#planned[++this.#next]
    }
  }

  async #serve(sender: Sender, most: number): Promise<void> {
    for (;;) {
      this.#takeDue()
      const events = this.#queues[sender].splice(0, most).map(({ event }) => event)
      if (events.length > 0) {
        this.#busy += 1
        await (sender === 'file' ? this.#import(events) : this.#send(events))
        this.stored.push(...events)
        this.#busy -= 1
      } else {
        if (this.#isStopped) return
        await delay(tickMs)
      }
    }
  }

  async #send(events: readonly OrderEvent[]): Promise<void> {
    const { key, urls, random } = this.#options
    // An ERP does not know in which order things happened.
    const shuffled = events.toSorted(() => random() - 0.5)
    const first = random() < 0.5 ? 0 : 1
    const urlOf = (attempt: number) => urls[(first + attempt) % urls.length] ?? ''
    const { answer, failedCount } = await sendUntilStored(shuffled, key, urlOf)
    this.failedCount += failedCount
    if (answer.accepted + answer.duplicate !== events.length) throw new Error(JSON.stringify(answer))
    if (random() > 0.15) return
    const again = await sendUntilStored(shuffled, key, (attempt) => urlOf(attempt + 1))
    this.repeatedCount += events.length
    if (again.answer.duplicate !== events.length) throw new Error(`counted twice: ${JSON.stringify(again.answer)}`)
  }

  /** As a file, and again until an import of it has ended. */
  async #import(events: readonly OrderEvent[]): Promise<void> {
    const { key, urls } = this.#options
    const lines = events.map(({ occurredAt, ...event }) =>
      JSON.stringify({ ...event, occurredAt: new Date(occurredAt).toISOString() }),
    )
    for (let attempt = 0; ; attempt++) {
      const client = new UploadClient(urls[attempt % urls.length] ?? '', key)
      const ended = await this.#importOnce(client, Buffer.from(`${lines.join('\n')}\n`)).catch(() => undefined)
      if (ended === true) break
      this.failedCount += 1
      await delay(retryMs)
    }
    this.importedFiles += 1
  }

  async #importOnce(client: UploadClient, file: Buffer): Promise<boolean> {
    const { id } = await client.send('late.ndjson', file)
    const { state, rejected } = await client.ended(await client.begun(id, { repeated: 'beside' }))
    if (rejected > 0) throw new Error(`${rejected} events of the file were rejected`)
    return state === 'done'
  }
}

export interface SenderOptions {
  readonly key: string
  readonly urls: readonly string[]
  readonly now: () => number
  readonly random: () => number
}
