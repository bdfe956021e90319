import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { AppError } from '../app-error.ts'
import { mergeAnswers } from './conclude-batch.ts'
import { GroupCommit } from './group-commit.ts'
import type { ParsedItem } from './parse/parse-events.ts'

/** Events of one request, as parsed. */
export interface Submission {
  /** Name of the key, or of the part of the server, that sent it. */
  readonly sender: string
  readonly items: readonly ParsedItem[]
}

/**
 * Commits that run side by side, so that the database and this process work at the same time. All events of an order
 * go the same lane: within it they are committed one after the other.
 */
export class CommitLanes {
  readonly #lanes: readonly GroupCommit<Submission, EventsAnswer>[]

  /** @param limits of all lanes together, in events. */
  constructor(
    count: number,
    commit: (submissions: readonly Submission[]) => Promise<readonly EventsAnswer[]>,
    limits: { readonly commitWeight: number; readonly waitingWeight: number },
  ) {
    const share = { commitWeight: limits.commitWeight / count, waitingWeight: limits.waitingWeight / count }
    this.#lanes = Array.from({ length: count }, () => new GroupCommit(commit, share))
  }

  /**
   * Resolves when all events are durable.
   * @throws AppError `overloaded`, and then none of them was stored.
   */
  async submit({ sender, items }: Submission): Promise<EventsAnswer> {
    const parts = this.#split(items)
    if (parts.some((part) => !part.lane.hasRoom(part.items.length))) {
      throw new AppError('overloaded', 'too much is waiting to be stored', { retryAfterS: 1 })
    }
    return mergeAnswers(
      await Promise.all(parts.map((part) => part.lane.submit({ sender, items: part.items }, part.items.length))),
    )
  }

  /** Resolves when nothing is waiting any more. */
  async drain(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.drain()))
  }

  #split(items: readonly ParsedItem[]): { lane: GroupCommit<Submission, EventsAnswer>; items: ParsedItem[] }[] {
    const parts = this.#lanes.map((lane) => ({ lane, items: [] as ParsedItem[] }))
    for (const item of items) parts[item.ok ? laneOf(item.event.order, parts.length) : 0]?.items.push(item)
    const used = parts.filter((part) => part.items.length > 0)
    return used.length > 0 ? used : parts.slice(0, 1)
  }
}

function laneOf(order: string, count: number): number {
  let hash = 0
  for (let i = 0; i < order.length; i++) hash = (Math.imul(hash, 31) + order.charCodeAt(i)) | 0
  return Math.abs(hash % count)
}
