import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { EventsAnswer } from '@stagewatch/shared/contract/event.ts'
import { orderEvents } from '../ingest/order-events.ts'
import { preciseNow } from './latency-messages.ts'
import type { AcceptedBatch, FromSender, SendPaced } from './latency-messages.ts'

interface SenderSettings {
  readonly url: string
  readonly localAdminToken: string
  readonly batch: number
}

/**
 * Sends at a fixed rate, whether or not the server keeps up, because a source does not wait for a busy server either.
 */
const { url, localAdminToken, batch }: SenderSettings = JSON.parse(process.argv[2] ?? '{}')
const headers = { 'content-type': 'application/json', authorization: `Bearer ${localAdminToken}` }

async function send(agent: Agent, body: string): Promise<AcceptedBatch> {
  const sentAt = preciseNow()
  const text = await new Promise<string>((resolve, reject) => {
    const sent = request(`${url}/api/v1/events`, { method: 'POST', agent, headers }, (response) => {
      response.toArray().then((chunks) => resolve(Buffer.concat(chunks).toString()), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
  const acceptedAt = preciseNow()
  const { accepted, position }: EventsAnswer = JSON.parse(text)
  if (accepted !== batch) throw new Error(`refused: ${text.slice(0, 500)}`)
  return { position, sentAt, acceptedAt }
}

async function sendPaced({ run, eventsPerS, seconds }: SendPaced): Promise<void> {
  const count = Math.max(1, Math.round((eventsPerS * seconds) / batch))
  const all = orderEvents(count * batch, run, Date.now())
  const bodies = Array.from({ length: count }, (_, i) => JSON.stringify(all.slice(i * batch, (i + 1) * batch)))
  // Not the connections of the last run, which the server may be closing.
  const agent = new Agent({ keepAlive: true })
  const startedAt = preciseNow()
  const sending: Promise<AcceptedBatch>[] = []
  for (const [i, body] of bodies.entries()) {
    const earlyMs = startedAt + (i * batch * 1000) / eventsPerS - preciseNow()
    if (earlyMs > 1) await wait(earlyMs)
    sending.push(send(agent, body))
  }
  const batches = await Promise.all(sending)
  agent.destroy()
  tell({ is: 'sent', batches })
}

function tell(message: FromSender): void {
  process.send?.(message)
}

process.on('message', (message: SendPaced) => void sendPaced(message))
process.on('disconnect', () => process.exit())
tell({ is: 'ready' })
