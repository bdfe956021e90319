import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { eventsAnswer } from '@stagewatch/shared/contract/event.ts'

/**
 * Sends events over HTTP.
 * @throws when the server does not answer 200.
 */
export async function sendEvents(url: string, key: string, events: readonly unknown[]): Promise<EventsAnswer> {
  const reply = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(events),
  })
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`)
  return eventsAnswer.parse(await reply.json())
}
