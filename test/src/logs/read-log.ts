import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { logFile } from '../harness/log-folder.ts'

/** One row of a real log. */
export interface LogRow {
  readonly order: string
  readonly stage: string
  readonly at: number
  /** When work began. NaN if the log does not say it. */
  readonly startedAt: number
  /** Empty if the row has none. */
  readonly customer: string
  readonly product: string
  /** The department that did the work. */
  readonly department: string
  /** From 1. */
  readonly row: number
}

/** Reads a log without any product code. No field of these files contains a line break. */
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
    startedAt: columns.indexOf('started_at'),
    customer: columns.indexOf('customer'),
    product: columns.indexOf('product'),
    department: columns.indexOf('department'),
  }
  return lines.map((line, i) => {
    const cells = cellsOf(line)
    const cell = (name: keyof typeof place) => (cells[place[name]] ?? '').trim()
    const named = { customer: cell('customer'), product: cell('product'), department: cell('department') }
    return {
      order: cell('order'),
      stage: cell('stage'),
      at: Date.parse(cell('at')),
      startedAt: Date.parse(cell('startedAt')),
      ...named,
      row: i + 1,
    }
  })
}

function cellsOf(line: string): string[] {
  const quotedOrPlain = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
  return [...line.matchAll(quotedOrPlain)].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
}
