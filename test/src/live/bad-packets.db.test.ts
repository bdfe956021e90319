import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { call } from '../http/call.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { join, openScreen } from './screen.ts'
import type { Screen } from './screen.ts'

let server: StartedServer
let healthy: Screen

beforeAll(async () => {
  server = await startServer()
  healthy = await openScreen(server.url)
})
afterAll(async () => {
  healthy.close()
  await server.close()
})

/** Whatever one client sends, the others are still served. */
afterEach(async () => {
  expect(await join(healthy)).toMatchObject({ ok: true })
  expect((await call(`${server.url}/healthz`)).status).toBe(200)
})

function rawSocket(): WebSocket {
  const { host } = new URL(server.url)
  const socket = new WebSocket(`ws://${host}/socket.io/?EIO=4&transport=websocket`)
  socket.on('error', () => undefined)
  return socket
}

/** An authenticated client that can send arbitrary packets. */
async function openRaw(): Promise<WebSocket> {
  const socket = rawSocket()
  const admitted = nextMessage(socket, (text) => text.startsWith('40'))
  await once(socket, 'open')
  socket.send('40')
  await admitted
  return socket
}

function nextMessage(socket: WebSocket, wanted: (text: string) => boolean): Promise<string> {
  return new Promise((resolve) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (wanted(text)) resolve(text)
    })
  })
}

/** Resolves when the server has closed the connection, or has read everything and still serves it. */
async function settled(socket: WebSocket): Promise<'closed' | 'served'> {
  if (socket.readyState === WebSocket.CLOSED) return 'closed'
  const closed = once(socket, 'close').then(() => 'closed' as const)
  const served = nextMessage(socket, (text) => text.startsWith('4377')).then(() => 'served' as const)
  if (socket.readyState === WebSocket.OPEN) socket.send('4277["board:join",{"board":"overview"}]')
  return Promise.race([closed, served])
}

/** Resolves when the server has read what was sent, or has closed the connection. */
function heard(socket: WebSocket): Promise<unknown> {
  const answered = once(socket, 'pong')
  const closed = once(socket, 'close')
  socket.ping()
  return Promise.race([answered, closed])
}

describe('a client that sends what no screen sends', () => {
  it.each([
    ['no acknowledgement', '42["board:join",{"board":"overview"}]', 'served'],
    ['no payload', '42["board:join"]', 'served'],
    ['an unknown event', '42["board:leave",{}]', 'served'],
    ['an event with the name of a number', '42[1,{}]', 'served'],
    ['an event called __proto__', '42["__proto__",{}]', 'served'],
    ['a reserved event', '42["disconnect",{}]', 'closed'],
    ['an event without a name', '42[]', 'closed'],
    ['an event that is an object', '42{"a":1}', 'closed'],
    ['an event that is no JSON', '42{{{', 'closed'],
    ['an acknowledgement that nobody asked for', '4312[]', 'served'],
    ['an identifier beyond all numbers', '424299999999999999999999["board:join",{"board":"overview"}]', 'served'],
    ['a payload nested five thousand deep', `4278["board:join",${'['.repeat(5_000)}${']'.repeat(5_000)}]`, 'served'],
    ['a payload that would pollute', '4278["board:join",{"__proto__":{"polluted":1},"board":"x"}]', 'served'],
    ['attachments without number', '45999999999-["board:join",{"_placeholder":true,"num":0}]', 'closed'],
    ['another namespace', '40/admin,', 'served'],
    ['an unknown packet', '9', 'closed'],
    ['a packet of 65 kB', `42["board:join",{"board":"${'x'.repeat(65 * 1024)}"}]`, 'closed'],
  ] as const)('is tolerated or disconnected: %s', async (_, packet, end) => {
    const socket = await openRaw()
    socket.send(packet)
    expect(await settled(socket)).toBe(end)
    socket.close()
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each([
    ['an old version of the protocol', 'EIO=3&transport=websocket'],
    ['a transport that there is not', 'EIO=4&transport=carrier-pigeon'],
    ['a session that there is not', 'EIO=4&transport=polling&sid=AAAAAAAAAAAAAAAAAAAA'],
  ])('is refused with an error of its own: %s', async (_, query) => {
    expect((await call(`${server.url}/socket.io/?${query}`)).status).toBe(400)
  })

  it('before it was let in is closed', async () => {
    const socket = rawSocket()
    await once(socket, 'open')
    socket.send('42["board:join",{"board":"overview"}]')
    await once(socket, 'close')
  })

  it('is closed when it never asks to be let in', async () => {
    const socket = rawSocket()
    await once(socket, 'close')
  })

  it('is told how much it may send, and when a server that is silent counts as gone', async () => {
    const socket = rawSocket()
    const opened = await nextMessage(socket, (text) => text.startsWith('0'))
    expect(JSON.parse(opened.slice(1))).toMatchObject({
      pingInterval: 5_000,
      pingTimeout: 10_000,
      maxPayload: 65_536,
      upgrades: [],
    })
    socket.close()
  })

  it('finds no client library here, which the pages contain', async () => {
    expect((await call(`${server.url}/socket.io/socket.io.js`)).status).toBe(400)
  })

  it('is offered no compression, which would cost memory for every connection', async () => {
    const socket = await openRaw()
    expect(socket.extensions).toBe('')
    socket.close()
  })

  it('that floods is closed', async () => {
    const socket = await openRaw()
    // Answers the server's pings, because a ping timeout would close the connection as well.
    socket.on('message', (data: Buffer) => data.toString() === '2' && socket.send('3'))
    const closed = once(socket, 'close')
    for (let i = 0; i < 201; i++) socket.send('42["board:join",{"board":"overview"}]')
    await closed
  })

  it('affects no other client with two thousand packets of any kind', async () => {
    const payload = fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constant('{"board":"overview"}'))
    const event = fc
      .tuple(fc.constantFrom('42', '420', '4299'), payload)
      .map(([head, text]) => `${head}["board:join",${text}]`)
    const nested = fc
      .tuple(fc.nat(5_000), fc.constantFrom('[', '{"a":'))
      .map(([depth, open]) => `42["x",${open.repeat(depth)}`)
    const attachments = fc.nat(99).map((n) => `45${n}-["board:join",{"_placeholder":true,"num":${n}}]`)
    const packet = fc.oneof(
      event,
      nested,
      attachments,
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string().map((text) => `42${text}`),
      fc.uint8Array({ maxLength: 200 }),
    )
    const seed = Date.now()
    const packets = fc.sample(packet, { numRuns: 2_000, seed })
    let socket = await openRaw()
    let connections = 1
    for (const one of packets) {
      if (socket.readyState !== WebSocket.OPEN) {
        socket = await openRaw()
        connections += 1
      }
      socket.send(one)
      await heard(socket)
    }
    socket.close()
    expect({ seed, many: connections > 100 }).toEqual({ seed, many: true })
  })
})
