import type { ChildProcess } from 'node:child_process'

/**
 * The next message of the given kind from a process of the bench.
 * @throws Error when the process ends first.
 */
export function nextMessage<Message extends { readonly is: string }, Is extends Message['is']>(
  process: ChildProcess,
  is: Is,
): Promise<Extract<Message, { readonly is: Is }>> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`a process of the bench ended before it was ${is}`))
    const onMessage = (message: Message) => {
      if (message.is !== is) return
      process.off('message', onMessage)
      process.off('exit', onExit)
      resolve(message as Extract<Message, { readonly is: Is }>) // `is` is the discriminant
    }
    process.on('message', onMessage)
    process.on('exit', onExit)
  })
}
