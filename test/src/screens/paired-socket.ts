import { openScreen } from '../live/screen.ts'
import type { Screen } from '../live/screen.ts'
import { eventually } from '../harness/eventually.ts'

/** A connected paired screen that records its messages. */
export interface PairedSocket {
  readonly socket: Screen
  /** Messages of one kind, in order of arrival. */
  readonly heard: (event: string) => unknown[]
  /** Waits for this number of messages of a kind and returns the last one. */
  readonly next: (event: string, count?: number) => Promise<unknown>
  /** Resolves when the server has closed the connection. */
  readonly cut: Promise<void>
  readonly close: () => void
}

/** @throws with the error of the refusal. */
export async function openPaired(
  url: string,
  token: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<PairedSocket> {
  const messages: { event: string; message: unknown }[] = []
  const socket = await openScreen(url, {
    token,
    headers,
    record: (event, message) => messages.push({ event, message }),
  })
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
