import { createDecipheriv, createECDH, hkdfSync, randomBytes } from 'node:crypto'
import type { ECDH } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The push service of a browser vendor, together with the keys that only the browser has. */
export interface PushService {
  /** The subscription that a browser returns to the page. */
  readonly subscription: {
    readonly endpoint: string
    readonly keys: { readonly p256dh: string; readonly auth: string }
  }
  /** Accepted messages, as the browser decrypts them. */
  readonly received: { readonly authorization: string; readonly text: string }[]
  /** The status of its responses. A refused message is not added to `received`. */
  status: number
  close(): void
}

export async function startPushService(): Promise<PushService> {
  const browser = createECDH('prime256v1')
  browser.generateKeys()
  const auth = randomBytes(16)
  const received: { authorization: string; text: string }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      if (service.status === 201) {
        const text = decrypted(Buffer.concat(chunks), browser, auth)
        received.push({ authorization: String(request.headers.authorization), text })
      }
      response.writeHead(service.status).end()
    })()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const service: PushService = {
    subscription: {
      endpoint: `http://127.0.0.1:${port}/send/abc`,
      keys: { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') },
    },
    received,
    status: 201,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return service
}

/** Decrypts a message as a browser does (RFC 8291 and RFC 8188). */
function decrypted(body: Buffer, browser: ECDH, auth: Buffer): string {
  const [salt, sender, record] = [body.subarray(0, 16), body.subarray(21, 21 + 65), body.subarray(86)]
  const derive = (key: Buffer, of: Buffer, info: Buffer, length: number) =>
    Buffer.from(hkdfSync('sha256', key, of, info, length))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), sender])
  const secret = derive(browser.computeSecret(sender), auth, info, 32)
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16))
  const text = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  if (text.at(-1) !== 2) throw new Error('the record is not the last one')
  return text.subarray(0, -1).toString()
}
