import type { ScriptedSocket } from './scripted-socket.ts'

/**
 * Options that pages passed to the socket library, and the socket that they get. Each test file starts with its own.
 */
export const fake: { socket: ScriptedSocket | undefined; options: unknown[] } = { socket: undefined, options: [] }

/** Replaces `io` of `socket.io-client`. */
export function io(options: unknown): ScriptedSocket | undefined {
  fake.options.push(options)
  return fake.socket
}
