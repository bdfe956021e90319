import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import type { FromClients } from './fan-out-message.ts'
import { FrameReader } from './frame-reader.ts'

/**
 * Many clients in one process, cheap enough for the server to be the bottleneck: they count frames and read only the
 * packet type, because socket.io requires a handshake and answers to its pings
 * (https://socket.io/docs/v4/engine-io-protocol/).
 */
const [kind = '', port = '', clients = ''] = process.argv.slice(2)
const count = Number(clients)
const path = kind === 'ws' ? '/' : '/socket.io/?EIO=4&transport=websocket'
/** The first two characters of a packet. */
const packet = { open: 0x30, ping: 0x32, message: 0x34, connect: 0x30, event: 0x32, answer: 0x33 }
const answers = { connect: '40', join: '420["board:join",{"board":"overview"}]', pong: '3' }
let received = 0

function tell(message: FromClients): void {
  process.send?.(message)
}

function countDelta(): void {
  received += 1
  if (received % count === 0) tell({ is: 'received', rounds: received / count })
}

/** A text frame under 126 bytes, masked with zeros, which clients are allowed to do. */
function shortFrame(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])
}

async function startClient(): Promise<void> {
  const socket = connect(Number(port), '127.0.0.1')
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  const frames = new FrameReader()
  await new Promise<void>((resolve) => {
    const onFrame = kind === 'ws' ? countDelta : onPacket
    socket.on('data', (chunk: Buffer) => frames.read(chunk, onFrame))
    function onPacket(first: number, second: number): void {
      if (first === packet.message && second === packet.event) countDelta()
      else if (first === packet.message && second === packet.answer) resolve()
      else if (first === packet.message && second === packet.connect) socket.write(shortFrame(answers.join))
      else if (first === packet.open) socket.write(shortFrame(answers.connect))
      else if (first === packet.ping) socket.write(shortFrame(answers.pong))
    }
    // The answer to the upgrade: from here on, the server counts this socket.
    if (kind === 'ws') socket.once('data', () => resolve())
  })
}

const together = 50
for (let started = 0; started < count; started += together) {
  await Promise.all(Array.from({ length: Math.min(together, count - started) }, startClient))
}
process.on('disconnect', () => process.exit())
tell({ is: 'connected' })
