import { expect, it } from 'vitest'
import { eventFrame } from './event-frame.ts'
import { SocketConnection } from './socket-connection.ts'

it('a write waits until the operating system has accepted all of it', () => {
  const written: string[] = []
  const socket = { transport: { writable: true }, write: (packet: string) => written.push(packet) }
  const connection = new SocketConnection(socket)
  const frame = eventFrame('board:pulse', { text: 'x'.repeat(100) })
  expect(connection.waitingBytes).toBe(0)
  socket.transport.writable = false
  connection.write(frame)
  expect(connection.waitingBytes).toBe(frame.packet.length)
  connection.write(frame)
  expect(connection.waitingBytes).toBe(2 * frame.packet.length)
  socket.transport.writable = true
  expect(connection.waitingBytes).toBe(0)
  connection.write(frame)
  socket.transport.writable = false
  expect(connection.waitingBytes).toBe(frame.packet.length)
  expect(written).toEqual([frame.packet, frame.packet, frame.packet])
})
