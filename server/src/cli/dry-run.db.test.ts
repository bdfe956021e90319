import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportList } from '@stagewatch/shared/contract/imports.ts'
import { expect, test, vi } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

const folder = await withData()

async function run(path: string, ...options: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(['import', path, '--json', ...options], terminal)
  const printed = terminal.printed.join('')
  return { code, report: printed === '' ? undefined : (JSON.parse(printed) as ImportReport), noted: terminal.noted }
}

async function printedBy(...args: readonly string[]): Promise<string> {
  const terminal = testTerminal()
  await runCommand(args, terminal)
  return terminal.printed.join('')
}

/** The part of the report that has to be the same for both: everything but the elapsed time and the dry-run flag. */
function judgement({ report }: Awaited<ReturnType<typeof run>>) {
  const { elapsedMs: _, dryRun: __, ...rest } = report ?? ({} as ImportReport)
  return rest
}

const header = 'order_id,stage,timestamp,due_at'
const future = new Date(Date.now() + 5 * 86_400_000).toISOString()
const rows = [
  'SO-1,pick,2026-01-02T08:00:00Z,2026-01-09',
  'SO-1,pack,2026-01-02T09:00:00Z,2026-01-09',
  `SO-1,sent,${future},2026-01-09`,
  `SO-2,${'x'.repeat(201)},2026-01-02T08:00:00Z,`,
  'SO-2,pick,2026-01-02T08:00:00Z,',
  'SO-2,,2026-01-02T09:00:00Z,',
]
const file = () => writtenFile([header, ...rows, ''].join('\n'))

test('a dry run for a new site predicts the result of the import, and does not create the site', async () => {
  const options = ['--discover', '--timezone', 'UTC', '--site', 'fresh']
  const dry = await run(file(), ...options, '--dry-run')
  expect(dry).toMatchObject({ code: 1, report: { dryRun: true, accepted: 3, rejected: 3 } })
  // A rejected row does not add a stage to the process.
  expect(dry.report?.process?.stages.map(({ code }) => code)).toEqual(['pick', 'pack'])
  expect(await runCommand(['process', 'list', '--site', 'fresh'], testTerminal())).toBe(1)
  const real = await run(file(), ...options)
  expect(judgement(real)).toEqual(judgement(dry))
  expect(real.report?.rejections.map(({ code }) => code).toSorted()).toEqual([
    'missing_field',
    'occurred_in_future',
    'too_large',
  ])
})

test('a dry run considers the rules and stored events of the site, and stores nothing', async () => {
  const site = ['--timezone', 'UTC', '--site', 'known']
  await run(writtenFile([header, ...rows.slice(0, 2), ''].join('\n')), '--discover', ...site)
  const more = writtenFile(
    [header, ...rows.slice(0, 2), 'SO-3,pick,2026-01-03T08:00:00Z,', 'SO-3,ship,2026-01-03T09:00:00Z,', ''].join('\n'),
  )
  const dry = await run(more, '--dry-run', ...site)
  expect(dry).toMatchObject({ code: 1, report: { accepted: 1, duplicate: 2, rejected: 1 } })
  expect(dry.noted).toContainEqual(expect.stringMatching(/^line 5: stage: .*\(unknown_stage\)$/))
  const discovering = await run(more, '--dry-run', '--discover', ...site)
  expect(discovering).toMatchObject({ code: 0, report: { accepted: 2, duplicate: 2, rejected: 0 } })
  expect(await run(more, '--dry-run', ...site)).toMatchObject({ report: { accepted: 1, rejected: 1 } })
  expect(judgement(await run(more, ...site))).toEqual(judgement(dry))
})

test('a dry run of a file whose import was undone says that its events would count again', async () => {
  const path = writtenFile([header, ...rows.slice(0, 2), ''].join('\n'))
  const options = ['--timezone', 'UTC', '--site', 'undone']
  const first = await run(path, '--discover', ...options)
  const { imports } = JSON.parse(await printedBy('import', 'list', '--site', 'undone', '--json')) as ImportList
  const undo = ['import', 'undo', String(imports[0]?.id), '--reason', 'by mistake', '--site', 'undone']
  expect(await runCommand(undo, testTerminal())).toBe(0)
  const dry = await run(path, '--dry-run', ...options)
  expect(dry).toMatchObject({ code: 0, report: { accepted: 2, duplicate: 0 } })
  const again = await run(path, ...options)
  expect(again.report).toMatchObject({ accepted: first.report?.accepted, duplicate: 0 })
  expect(await run(path, '--dry-run', ...options)).toMatchObject({ report: { accepted: 0, duplicate: 2 } })
})

test('a file without rows changes nothing', async () => {
  const empty = await run(writtenFile(`${header}\n`), '--discover', '--site', 'nothing')
  expect(empty).toMatchObject({ code: 0, report: { rows: 0, accepted: 0 } })
  expect(empty.noted).toContain('the file has a header and no rows')
  expect(await runCommand(['process', 'list', '--site', 'nothing'], testTerminal())).toBe(1)
})

test('a dry run without a data directory creates none', async () => {
  const none = join(folder, 'none')
  vi.stubEnv('DATA_DIR', none)
  const { code, report } = await run(file(), '--dry-run', '--discover', '--timezone', 'UTC')
  vi.stubEnv('DATA_DIR', folder)
  expect({ code, report }).toMatchObject({ code: 1, report: { accepted: 3, rejected: 3 } })
  expect(existsSync(none)).toBe(false)
})
