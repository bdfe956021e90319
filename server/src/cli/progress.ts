import { Presets, SingleBar } from 'cli-progress'
import type { ImportMonitor, ImportPhase } from '../ingest/imports/import-monitor.ts'
import type { Terminal } from './command.ts'

const lineEveryMs = 5000

/** Shows how far a part of long work has come. */
interface Progress {
  /** `ratio` of the work is done (0..1). */
  update(ratio: number, text: string): void
  close(): void
}

const phaseTitles: Readonly<Record<ImportPhase, string>> = {
  columns: 'looking at the columns',
  stages: 'reading stages',
  rows: 'importing',
}

/** A bar for a person, a line now and then for a log. */
export function openProgress(terminal: Terminal, title: string): Progress {
  return terminal.interactive ? bar(title) : lines(terminal, title)
}

/** A person at a terminal watches over an import. */
export function terminalMonitor(terminal: Terminal): ImportMonitor {
  return {
    stopped: terminal.stopped,
    openProgress(phase) {
      const progress = openProgress(terminal, phaseTitles[phase])
      return { update: (ratio, rows) => progress.update(ratio, `${rows} rows`), close: () => progress.close() }
    },
  }
}

function bar(title: string): Progress {
  const format = `${title} {bar} {percentage}%  {text}`
  const single = new SingleBar({ format, hideCursor: true, clearOnComplete: true }, Presets.shades_classic)
  single.start(1000, 0, { text: '' })
  return {
    update: (ratio, text) => single.update(Math.floor(ratio * 1000), { text }),
    close: () => single.stop(),
  }
}

function lines(terminal: Terminal, title: string): Progress {
  let lastAt = performance.now()
  return {
    update(ratio, text) {
      if (performance.now() - lastAt < lineEveryMs) return
      lastAt = performance.now()
      terminal.note(`${title} ${Math.floor(ratio * 100)} %  ${text}`)
    },
    close: () => {},
  }
}
