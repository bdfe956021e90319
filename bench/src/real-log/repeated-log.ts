import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { createGunzip } from 'node:zlib'
import { logFile } from '@stagewatch/test/harness/log-folder.ts'

/** A log repeated several times with different order numbers: larger, with the same shape. */
export async function repeatedLog(log: string, times: number): Promise<{ rows: number; lines: Iterable<string> }> {
  const whole = await text(createReadStream(logFile(log)).pipe(createGunzip()))
  const [header = '', ...rows] = whole.trimEnd().split(/\r?\n/)
  if (!header.startsWith('order_id,')) throw new Error(`${log} does not begin with the order`)
  if (rows.some((row) => row.startsWith('"'))) throw new Error(`${log} has orders in quotes`)
  return { rows: times * rows.length, lines: repeat(header, rows, times) }
}

function* repeat(header: string, rows: readonly string[], times: number): Generator<string> {
  yield header
  for (let i = 1; i <= times; i++) {
    for (const row of rows) {
      const comma = row.indexOf(',')
      yield `${row.slice(0, comma)}/${i}${row.slice(comma)}`
    }
  }
}
