import type { BoardJoinAnswer, ClientToServer, ServerToClient } from '@stagewatch/shared/contract/socket.ts'
import { io } from 'socket.io-client'
import type { Socket } from 'socket.io-client'

export type Screen = Socket<ServerToClient, ClientToServer>

export interface ScreenOptions {
  readonly token?: string
  readonly site?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Receives every message, including the first ones. */
  readonly record?: (event: string, message: unknown) => void
}

/** A screen that connects once, without reconnecting. */
function newScreen(address: string, { token, site, headers, record }: ScreenOptions = {}): Screen {
  const screen: Screen = io(address, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: { ...(token !== undefined && { token }), ...(site !== undefined && { site }) },
    ...(headers !== undefined && { extraHeaders: { ...headers } }),
  })
  if (record !== undefined) screen.onAny(record)
  return screen
}

/** Resolves when the server has accepted the screen. @throws with the error of the refusal. */
export async function openScreen(address: string, options: ScreenOptions = {}): Promise<Screen> {
  const screen = newScreen(address, options)
  const connected = Promise.withResolvers<void>()
  screen.on('connect', () => connected.resolve())
  screen.on('connect_error', (error) => connected.reject(error))
  await connected.promise.catch((error: unknown) => {
    screen.close()
    throw error
  })
  return screen
}

export function join(screen: Screen, board = 'overview'): Promise<BoardJoinAnswer> {
  return screen.timeout(10_000).emitWithAck('board:join', { board })
}
