import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

await withData()

const tutorials = [
  ['first-ten-minutes.md', 'en'],
  ['first-ten-minutes.zh-CN.md', 'zh'],
] as const

describe.each(tutorials)('the tutorial %s', (name, site) => {
  const page = readFileSync(new URL(`../../../docs/tutorials/${name}`, import.meta.url), 'utf8')
  const [, csv = ''] = /^```csv\n([^]*?)^```$/m.exec(page) ?? []
  const commands = [...page.matchAll(/^npx pnpm@12 stagewatch import events\.csv (.*)$/gm)].map(([, options = '']) =>
    options.split(' '),
  )

  it('imports its file as it says', async () => {
    expect(commands).toHaveLength(2)
    const file = writtenFile(csv)
    const reports = []
    for (const options of commands) {
      const terminal = testTerminal()
      const code = await runCommand(['import', file, ...options, '--site', site, '--json'], terminal)
      reports.push({ code, report: JSON.parse(terminal.printed.join('')) as object })
    }
    expect(reports).toEqual([
      { code: 0, report: expect.objectContaining({ rejected: 0 }) },
      { code: 0, report: expect.objectContaining({ accepted: 6, rejected: 0 }) },
    ])
    const list = testTerminal()
    expect(await runCommand(['process', 'list', '--site', site, '--json'], list)).toBe(0)
    const { processes } = JSON.parse(list.printed.join('')) as {
      processes: { stages: { terminal?: true; targetMs?: number }[] }[]
    }
    // Picking, packing, and the final stage.
    expect(processes[0]?.stages.map(({ terminal = false }) => terminal)).toEqual([false, false, true])
  })
})
