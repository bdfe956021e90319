import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { logFile } from '../harness/log-folder.ts'

/** What one row of a real log says. */
export interface LogRow {
  readonly order: string
  readonly stage: string
  readonly at: number
  /** From 1. */
  readonly row: number
}

/** Reads a log without any code of the product; no field of these files holds a line break. */
export function readLog(log: string): LogRow[] {
  const [header = '', ...lines] = gunzipSync(readFileSync(logFile(log)))
    .toString()
    .trimEnd()
    .split(/\r?\n/)
  const columns = cellsOf(header.replace(/^\uFEFF/, ''))
  const place = {
    order: columns.indexOf('order_id'),
    stage: columns.indexOf('stage'),
    at: columns.indexOf('timestamp'),
  }
  return lines.map((line, i) => {
    const cells = cellsOf(line)
    const cell = (name: keyof typeof place) => (cells[place[name]] ?? '').trim()
    return { order: cell('order'), stage: cell('stage'), at: Date.parse(cell('at')), row: i + 1 }
  })
}

function cellsOf(line: string): string[] {
  const quotedOrPlain = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
  return [...line.matchAll(quotedOrPlain)].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
}
