import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'
import type { BoardClient } from '../harness/board-client.ts'

const lookEveryMs = 20
/**
 * How far a board may be behind. Events that another instance has stored usually appear within a second; when an
 * instance ends, its screens reconnect and wait for the next one to catch up, on a machine that is busy with all of it.
 */
const mayLagMs = 8_000

interface Sent {
  readonly orders: number
  readonly sentAt: number
  storedAt: number
}

/**
 * Compares the open orders of each board while events arrive with what was sent and acknowledged: a board never shows
 * an order that was not sent, nor one twice, and shows those that were acknowledged a while ago.
 */
export class StageBounds {
  readonly violations: string[] = []
  checkedCount = 0
  readonly #entered: Sent[] = []
  readonly #done: Sent[] = []
  readonly #underWay = new Map<readonly OrderEvent[], readonly Sent[]>()
  readonly #timer: ReturnType<typeof setInterval>
  readonly #seen = new WeakSet<object>()

  constructor(screens: readonly BoardClient[]) {
    this.#timer = setInterval(() => {
      for (const [i, screen] of screens.entries()) this.#check(i, screen)
    }, lookEveryMs)
  }

  /** To be called before a batch is sent for the first time. */
  sending(batch: readonly OrderEvent[]): void {
    const add = (list: Sent[], type: OrderEvent['type']): Sent => {
      const orders = batch.filter((event) => event.type === type).length
      const sent = { orders, sentAt: Date.now(), storedAt: Infinity }
      list.push(sent)
      return sent
    }
    this.#underWay.set(batch, [add(this.#entered, 'stage.entered'), add(this.#done, 'order.completed')])
  }

  stored(batch: readonly OrderEvent[]): void {
    for (const sent of this.#underWay.get(batch) ?? []) sent.storedAt = Date.now()
    this.#underWay.delete(batch)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  #check(place: number, { shown }: BoardClient): void {
    if (shown === undefined || this.#seen.has(shown)) return
    this.#seen.add(shown)
    this.checkedCount += 1
    const now = Date.now()
    const asOf = now - mayLagMs
    const least = (list: readonly Sent[]) => sum(list.filter(({ storedAt }) => storedAt < asOf))
    const [min, max] = [least(this.#entered) - sum(this.#done), sum(this.#entered) - least(this.#done)]
    const { count } = shown.kpis.open
    if (count >= min && count <= max) return
    this.violations.push(`screen ${place} shows ${count} open orders instead of ${min} to ${max}`)
  }
}

function sum(list: readonly Sent[]): number {
  return list.reduce((total, { orders }) => total + orders, 0)
}
