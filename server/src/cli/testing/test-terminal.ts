import type { Terminal } from '../command.ts'

/** A terminal that records its output. */
export interface TestTerminal extends Terminal {
  readonly printed: readonly string[]
  readonly noted: readonly string[]
  stop(): void
}

export function testTerminal(): TestTerminal {
  const printed: string[] = []
  const noted: string[] = []
  const stop = new AbortController()
  return {
    printed,
    noted,
    stop: () => stop.abort(),
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
    interactive: false,
    stopped: stop.signal,
  }
}
