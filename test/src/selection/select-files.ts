import type { RecordedFile, Span } from './recording.ts'

/** Characters executed: of built scripts in the browser, and of source files. */
export interface Amount {
  client: number
  server: number
}

export interface Selected {
  readonly file: string
  readonly seconds: number
  /** What no file before it has executed. */
  readonly gain: Amount
}

/** Shorter files are not worth leaving out. */
const shortSeconds = 0.5

/**
 * Takes files in the order of what they execute for the first time per second, while their total stays within
 * `maxSeconds`; short files are always taken. The client and the rest of the product weigh the same.
 * @param before executed anyway, so that it is worth nothing.
 * @returns the selected files, in this order, and what all files together execute beyond `before`.
 */
export function selectFiles(
  files: readonly RecordedFile[],
  before: readonly RecordedFile[],
  maxSeconds: number,
): { readonly selected: readonly Selected[]; readonly total: Amount } {
  const total = totalOf(files, before)
  const executed = new Executed(before)
  const valueOf = (recorded: RecordedFile): number => {
    const { client, server } = executed.gainOf(recorded)
    const share = client / Math.max(1, total.client) + server / Math.max(1, total.server)
    return share / Math.max(recorded.seconds, shortSeconds)
  }
  const selected: Selected[] = []
  let seconds = 0
  const waiting = files.map((recorded) => ({ recorded, value: Infinity }))
  for (;;) {
    waiting.sort((a, b) => a.value - b.value)
    const best = waiting.pop()
    if (best === undefined) break
    // What a file adds never grows, so one that is still the best when it is computed anew is the best of all.
    const value = valueOf(best.recorded)
    if (value < (waiting.at(-1)?.value ?? 0)) {
      waiting.push({ recorded: best.recorded, value })
      continue
    }
    const isShort = best.recorded.seconds <= shortSeconds
    if (!isShort && (value === 0 || seconds + best.recorded.seconds > maxSeconds)) continue
    seconds += best.recorded.seconds
    selected.push({ file: best.recorded.file, seconds: best.recorded.seconds, gain: executed.add(best.recorded) })
  }
  return { selected, total }
}

function totalOf(files: readonly RecordedFile[], before: readonly RecordedFile[]): Amount {
  const executed = new Executed(before)
  const total: Amount = { client: 0, server: 0 }
  for (const recorded of files) {
    const { client, server } = executed.add(recorded)
    total.client += client
    total.server += server
  }
  return total
}

class Executed {
  /** A byte for each character of a script: 1 once it was executed. */
  readonly #scripts = new Map<string, Uint8Array>()

  constructor(before: readonly RecordedFile[]) {
    for (const recorded of before) this.add(recorded)
  }

  /** @returns the number of characters that were not executed before. */
  add(recorded: RecordedFile): Amount {
    const gain: Amount = { client: 0, server: 0 }
    for (const [script, spans] of Object.entries(recorded.executed)) {
      const seen = this.#seen(script, endOf(spans))
      for (const [from, to] of spans) {
        gain[sideOf(script)] += countUnseen(seen, from, to)
        seen.fill(1, from, to)
      }
    }
    return gain
  }

  gainOf({ executed }: RecordedFile): Amount {
    const gain: Amount = { client: 0, server: 0 }
    for (const [script, spans] of Object.entries(executed)) {
      const seen = this.#seen(script, endOf(spans))
      for (const [from, to] of spans) gain[sideOf(script)] += countUnseen(seen, from, to)
    }
    return gain
  }

  #seen(script: string, length: number): Uint8Array {
    const known = this.#scripts.get(script) ?? new Uint8Array()
    if (known.length >= length) return known
    const longer = new Uint8Array(length)
    longer.set(known)
    this.#scripts.set(script, longer)
    return longer
  }
}

/** Without spreading, because a script of many pages has more spans than a call may have arguments. */
function endOf(spans: readonly Span[]): number {
  return spans.reduce((end, [, to]) => Math.max(end, to), 0)
}

function sideOf(script: string): keyof Amount {
  return script.startsWith('/') ? 'client' : 'server'
}

function countUnseen(seen: Uint8Array, from: number, to: number): number {
  let count = 0
  for (let at = from; at < to; at += 1) if (seen[at] !== 1) count += 1
  return count
}
