import { Presets, SingleBar } from 'cli-progress'
import type { ReadPosition } from '../ingest/imports/import-messages.ts'
import type { ImportMonitor, ImportPhase } from '../ingest/imports/import-monitor.ts'
import { plural } from '../platform/english-text.ts'
import type { Terminal } from './command.ts'

const lineEveryMs = 5000

/** Progress display of one phase of a long operation. */
interface Progress {
  /** @param ratio share of the work that is done (0..1). */
  update(ratio: number, text: string): void
  close(): void
}

const phaseTitles: Readonly<Record<ImportPhase, string>> = {
  columns: 'looking at the columns',
  stages: 'reading stages',
  rows: 'importing',
}

/** A progress bar for an interactive terminal, or an occasional line for a log. */
export function openProgress(terminal: Terminal, title: string): Progress {
  return terminal.interactive ? bar(title) : lines(terminal, title)
}

/** Monitors an import from a terminal. */
export function terminalMonitor(terminal: Terminal): ImportMonitor {
  return {
    stopped: terminal.stopped,
    openProgress(phase) {
      const progress = openProgress(terminal, phaseTitles[phase])
      return { update: (ratio, rows) => progress.update(ratio, plural(rows, 'row')), close: () => progress.close() }
    },
  }
}

/** Shows the positions of a file that is read by a thread, phase by phase. */
export function openPositions(terminal: Terminal): { show(position: ReadPosition): void; close(): void } {
  let phase: ImportPhase | undefined
  let progress: Progress | undefined
  return {
    show(position) {
      if (position.phase !== phase) {
        progress?.close()
        progress = openProgress(terminal, phaseTitles[position.phase])
        ;({ phase } = position)
      }
      progress?.update(position.ratio, plural(position.rows, 'row'))
    },
    close: () => progress?.close(),
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
