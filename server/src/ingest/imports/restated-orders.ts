import { hash } from 'node:crypto'
import type { FileEvent, FileEventData } from '../files/file-event.ts'

/** Of one file; what the further ones say is left as it was, and counted. */
const maxOrders = 100_000

/**
 * Gathers what a file says otherwise of events that are known: a re-export states the facts of an order as they are now
 * on all of its rows. They become one `order.changed` for each order, as of the last of these events, so that the
 * event stays what it was and the order has the facts of now. Its identity holds the order, the instant and the facts:
 * the same file again, and the export of the next night, say nothing new.
 */
export class RestatedOrders {
  /** The last event of each order that is known with other facts, and in a tie the one that comes last. */
  readonly #last = new Map<string, FileEvent>()
  #omitted = 0

  add(event: FileEvent): void {
    const before = this.#last.get(event.order)
    if (before === undefined && this.#last.size === maxOrders) this.#omitted += 1
    else if (before === undefined || before.occurredAt <= event.occurredAt) this.#last.set(event.order, event)
  }

  /** Rows of orders beyond the limit. */
  get omitted(): number {
    return this.#omitted
  }

  /** Orders of whose rows only what is no fact of the order differs: who did it, when work began, the process. */
  get withoutFacts(): number {
    return [...this.#last.values()].filter(({ data }) => !hasFacts(factsOf(data))).length
  }

  /** @param importedAt epoch ms; of two changes as of one instant, the one that was imported later holds. */
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
