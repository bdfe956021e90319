import { openScreen } from '../live/screen.ts'
import type { Screen } from '../live/screen.ts'
import { eventually } from '../harness/eventually.ts'

/** A paired screen that is connected, and everything that it has been told. */
export interface PairedSocket {
  readonly socket: Screen
  /** Of one kind, in the order in which they came. */
  readonly heard: (event: string) => unknown[]
  /** Waits for so many of a kind and gives the last. */
  readonly next: (event: string, count?: number) => Promise<unknown>
  /** Resolves when the server has cut the line. */
  readonly cut: Promise<void>
  readonly close: () => void
}

/** @throws with the error that the screen was refused with. */
export async function openPaired(url: string, token: string): Promise<PairedSocket> {
  const messages: { event: string; message: unknown }[] = []
  const socket = await openScreen(url, { token, record: (event, message) => messages.push({ event, message }) })
  const cut = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
  const heard = (event: string) => messages.filter((one) => one.event === event).map(({ message }) => message)
  return {
    socket,
    heard,
    next: (event, count = 1) =>
      eventually(() => {
        const found = heard(event)
        if (found.length < count) throw new Error(`${found.length} of ${count} ${event}`)
        return found[count - 1]
      }),
    cut,
    close: () => void socket.close(),
  }
}
