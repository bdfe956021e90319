import { Agent, request } from 'node:http'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { BoardWatch } from './board-watch.ts'
import { takeTurns } from './contender.ts'
import type { TurnSize } from './ingest-settings.ts'
import { orderEvents } from './order-events.ts'

type LoadSettings = TurnSize & { readonly url: string; readonly localAdminToken: string }

const { url, localAdminToken, events, batch, connections }: LoadSettings = JSON.parse(process.argv[2] ?? '{}')
const headers = { 'content-type': 'application/json', authorization: `Bearer ${localAdminToken}` }
const screen = await BoardWatch.join(url, localAdminToken)

/** Sends a batch; returns its last position in the log. */
async function send(agent: Agent, body: string): Promise<bigint> {
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(`${url}/api/v1/events`, { method: 'POST', agent, headers }, (response) => {
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks).toString()), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
  const answer: EventsAnswer = JSON.parse(text)
  if (answer.accepted === 0 || answer.rejected + answer.duplicate > 0) throw new Error(`refused: ${text.slice(0, 500)}`)
  return BigInt(answer.position)
}

async function sendAll(agent: Agent, bodies: string[]): Promise<void> {
  for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) await send(agent, body)
}

takeTurns(async (run) => {
  const all = orderEvents(events, run, Date.now())
  const bodies = Array.from({ length: Math.ceil(events / batch) }, (_, i) =>
    JSON.stringify(all.slice(i * batch, (i + 1) * batch)),
  ).toReversed()
  const lastOrder = { source: 'erp', id: `${run}-last`, type: 'order.placed', order: `SO-${run}-last` }
  return async () => {
    // Not the connections of the last turn, which the server may be closing.
    const agent = new Agent({ keepAlive: true, maxSockets: connections })
    await Promise.all(Array.from({ length: connections }, () => sendAll(agent, bodies)))
    // A new order always changes the board: its delta shows that all earlier events are visible.
    const position = await send(agent, JSON.stringify({ ...lastOrder, occurredAt: new Date().toISOString() }))
    await screen.reached(position)
    agent.destroy()
  }
})
