import type { AddressInfo, Server } from 'node:net'
import type { BoardDelta } from '@stagewatch/shared/contract/socket.ts'

/** A server that sends a delta to every connected socket. */
export interface PushTarget {
  readonly port: number
  readonly push: (delta: BoardDelta) => void
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo // it listens on TCP
  return address.port
}
