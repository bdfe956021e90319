import { connect } from 'node:net'
import type { Socket } from 'node:net'
import { once } from 'node:events'

/** A connection that can send arbitrary bytes. */
export async function openConnection(address: string): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Sends bytes unchanged and returns everything the server sends until it closes the connection. */
export async function rawRequest(
  address: string,
  request: string | Uint8Array,
): Promise<{ status: number; text: string }> {
  const socket = await openConnection(address)
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  socket.write(request)
  await once(socket, 'close')
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text }
}

/** The JSON body of a response from `rawRequest`. */
export function rawBody(text: string): unknown {
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4))
}
