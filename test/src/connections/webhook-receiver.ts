import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'

/** A message as received. */
export interface ReceivedMessage {
  readonly id: string
  readonly timestampS: number
  /** Without their version prefix. */
  readonly signatures: readonly string[]
  readonly text: string
  readonly body: z.infer<typeof webhookBody>
}

const webhookBody = z.object({ type: z.string(), timestamp: z.iso.datetime(), data: z.record(z.string(), z.unknown()) })

export interface WebhookReceiver {
  readonly url: string
  readonly received: ReceivedMessage[]
  /** The status of the next responses. */
  status: number
  close(): void
}

/** Receives messages on a local port. */
export async function startReceiver(): Promise<WebhookReceiver> {
  const received: ReceivedMessage[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const text = Buffer.concat(chunks).toString()
      received.push({
        id: String(request.headers['webhook-id']),
        timestampS: Number(request.headers['webhook-timestamp']),
        signatures: String(request.headers['webhook-signature'])
          .split(' ')
          .map((signature) => signature.replace(/^v1,/, '')),
        text,
        body: webhookBody.parse(JSON.parse(text)),
      })
      response.writeHead(receiver.status).end('thank you')
    })()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    status: 204,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return receiver
}

/** Verifies a signature as a receiver does, implemented from the specification. */
export function isSignedWith({ id, timestampS, text, signatures }: ReceivedMessage, secret: string): boolean {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return signatures.includes(createHmac('sha256', key).update(`${id}.${timestampS}.${text}`).digest('base64'))
}
