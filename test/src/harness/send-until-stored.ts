import { setTimeout as delay } from 'node:timers/promises'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'
import type { OrderEvent } from '@stagewatch/shared/domain/order-event.ts'

export interface Delivery {
  readonly answer: EventsAnswer
  /** Number of attempts without an acknowledgement. */
  readonly failedCount: number
}

const answerWithinMs = 15_000
/** Shorter than `Retry-After` in a refusal, which is a second, to keep tests fast. */
const pauseMs = 100

/**
 * Sends a batch like a careful client: repeats it until a server has acknowledged it.
 * @param url returns the server to use, called before each attempt.
 * @throws when a server answers anything but success, 503 or 429.
 */
export async function sendUntilStored(
  events: readonly OrderEvent[],
  key: string,
  url: (attempt: number) => string | Promise<string>,
): Promise<Delivery> {
  const body = JSON.stringify(events.map(asSent))
  for (let failedCount = 0; ; failedCount++) {
    const answer = await sendOnce(await url(failedCount), key, body)
    if (answer !== undefined) return { answer, failedCount }
    await delay(pauseMs)
  }
}

/** Undefined if refused for now, or without an answer; then it is unknown what was stored. */
async function sendOnce(url: string, key: string, body: string): Promise<EventsAnswer | undefined> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  try {
    const signal = AbortSignal.timeout(answerWithinMs)
    const reply = await fetch(`${url}/api/v1/events`, { method: 'POST', headers, body, signal })
    const text = await reply.text()
    if (reply.status === 503 || reply.status === 429) return undefined
    if (!reply.ok) throw new Error(`${reply.status} ${text}`)
    return eventsAnswer.parse(JSON.parse(text))
  } catch (error) {
    const isLost = error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')
    if (!isLost) throw error
    return undefined
  }
}

function asSent({ occurredAt, ...event }: OrderEvent): unknown {
  return { ...event, occurredAt: new Date(occurredAt).toISOString() }
}
