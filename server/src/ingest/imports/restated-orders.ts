import { hash } from 'node:crypto'
import type { FileEvent, FileEventData } from '../files/file-event.ts'

/** Limit per file; rows of further orders are counted and their facts remain unchanged. */
const maxOrders = 100_000

/**
 * Collects facts in a file that differ from those of known events: a re-export repeats the current facts of an order on
 * all of its rows. They become one `order.changed` event per order, at the instant of the last of these events, so that
 * the known events remain unchanged and the order has its current facts. Its identity consists of the order, the
 * instant and the facts, so the same file and the next night's export add nothing new.
 */
export class RestatedOrders {
  /**
   * The last event of each order that is known with other facts; among events of the same instant, the last in the
   * file.
   */
  readonly #last = new Map<string, FileEvent>()
  #omitted = 0

  add(event: FileEvent): void {
    const before = this.#last.get(event.order)
    if (before === undefined && this.#last.size === maxOrders) this.#omitted += 1
    else if (before === undefined || before.occurredAt <= event.occurredAt) this.#last.set(event.order, event)
  }

  /** Number of rows of orders beyond the limit. */
  get omitted(): number {
    return this.#omitted
  }

  /** Number of orders that only differ in values that are not facts: the actor, the start of work, the process. */
  get withoutFacts(): number {
    return [...this.#last.values()].filter(({ data }) => !hasFacts(factsOf(data))).length
  }

  /** @param importedAt epoch ms; of two changes at the same instant, the one imported later wins. */
  changes(importedAt: number): FileEvent[] {
    return [...this.#last.values()].flatMap(({ source, order, occurredAt, data }) => {
      const facts = factsOf(data)
      if (!hasFacts(facts)) return []
      const digest = hash('sha256', JSON.stringify([order, occurredAt, facts]), 'buffer')
      const id = `facts.${digest.toString('base64url', 0, 16)}`
      const sequence = importedAt * 1000
      return [
        {
          source,
          id,
          type: 'order.changed',
          order,
          stage: undefined,
          occurredAt,
          actor: undefined,
          sequence,
          data: facts,
        },
      ]
    })
  }
}

function factsOf({ startedAt: _, process: __, ...facts }: FileEventData): FileEventData {
  return { ...facts, process: undefined }
}

function hasFacts(facts: FileEventData): boolean {
  return Object.values(facts).some((value) => value !== undefined)
}
