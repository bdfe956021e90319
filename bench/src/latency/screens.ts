import type { ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { preciseNow } from './latency-messages.ts'
import type { ArrivedDelta, FromScreens } from './latency-messages.ts'

interface ScreenSettings {
  readonly url: string
  readonly localAdminToken: string
  readonly screens: number
}

/** Many screens in one process; each parses every delta like a browser and records its arrival. */
const { url, localAdminToken, screens }: ScreenSettings = JSON.parse(process.argv[2] ?? '{}')

async function openScreen(): Promise<ArrivedDelta[]> {
  const arrived: ArrivedDelta[] = []
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: localAdminToken },
  })
  socket.on('board:delta', ({ position }) => arrived.push({ position, at: preciseNow() }))
  const answer = await socket.timeout(60_000).emitWithAck('board:join', { board: 'overview' })
  if (!answer.ok) throw new Error(`the board cannot be joined: ${answer.code}`)
  return arrived
}

const all = await Promise.all(Array.from({ length: screens }, openScreen))

function tell(message: FromScreens): void {
  process.send?.(message)
}

process.on('message', () => tell({ is: 'arrived', screens: all.map((arrived) => arrived.splice(0)) }))
process.on('disconnect', () => process.exit())
tell({ is: 'joined' })
