import { parseArgs } from 'node:util'
import { knownExports } from '../ingest/files/known-exports.ts'
import type { ExitCode, Terminal } from './command.ts'
import { exitCode } from './command.ts'

const rowNames = { events: 'events', orders: 'orders', wide: 'orders with milestones' } as const

/** Lists the exports of other programs that an import knows. */
export function printPresets(args: readonly string[], terminal: Terminal): ExitCode {
  const options = { presets: { type: 'boolean' }, json: { type: 'boolean', default: false } } as const
  const { values } = parseArgs({ args: [...args], options })
  if (values.json) terminal.print(JSON.stringify({ presets: knownExports }))
  else {
    for (const { name, title, headers, rows } of knownExports) {
      terminal.print(`${name.padEnd(18)}${title}; rows are ${rowNames[rows]}`)
      terminal.print(`${' '.repeat(18)}recognized by ${headers.join(', ')}`)
    }
  }
  return exitCode.done
}
