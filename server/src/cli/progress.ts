import { Presets, SingleBar } from 'cli-progress'
import type { ImportMonitor, Progress } from '../ingest/imports/import-monitor.ts'
import type { Terminal } from './command.ts'

const lineEveryMs = 5000

/** A bar for a person, a line now and then for a log. */
export function openProgress(terminal: Terminal, title: string): Progress {
  return terminal.interactive ? bar(title) : lines(terminal, title)
}

/** A person at a terminal watches over an import. */
export function terminalMonitor(terminal: Terminal): ImportMonitor {
  return { stopped: terminal.stopped, openProgress: (title) => openProgress(terminal, title) }
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
