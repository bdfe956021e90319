import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

export interface ForegroundProcess {
  /** Ends it and waits for its exit. */
  close(): Promise<void>
}

/**
 * Starts a program that stays in the foreground, such as a proxy, and waits until it listens.
 * @throws with what it printed, when it does not start.
 */
export async function startListening(
  program: string,
  args: readonly string[],
  options: { readonly port: number; readonly env?: NodeJS.ProcessEnv },
): Promise<ForegroundProcess> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(options.env !== undefined && { env: options.env }),
  })
  let printed = ''
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const killChild = (): void => void child.kill('SIGTERM')
  process.once('exit', killChild)
  const close = async (): Promise<void> => {
    process.off('exit', killChild)
    if (child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  }
  try {
    await untilOpen(options.port, child)
  } catch (error) {
    await close()
    throw new Error(`${program} did not start: ${printed}`, { cause: error })
  }
  return { close }
}

async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`)
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await delay(100)
  }
  throw new Error('nobody listens')
}
