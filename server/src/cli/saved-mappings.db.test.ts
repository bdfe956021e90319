import { expect, test } from 'vitest'
import { writtenFile } from '../ingest/files/testing/written-file.ts'
import { callServerApi } from './call-server-api.ts'
import { runCommand } from './run-command.ts'
import { withData } from './testing/command-data.ts'
import { testTerminal } from './testing/test-terminal.ts'

await withData()

async function run(...args: string[]) {
  const terminal = testTerminal()
  const code = await runCommand(['import', ...args, '--site', 'plant', '--json'], terminal)
  const printed = terminal.printed.join('')
  return {
    code,
    report: printed === '' ? undefined : (JSON.parse(printed) as object),
    noted: terminal.noted.join('\n'),
  }
}

const night = (day: string) => writtenFile(`Job no.;Step;When\n1;pick;${day}.04.2026 08:00\n`)
const said = ['--column', 'order=Job no.', '--column', 'stage=Step', '--column', 'time=When']
const times = ['--time-format', 'dd.MM.yyyy HH:mm', '--timezone', 'Europe/Berlin']

test('what was said of a file is kept, and the next one is read by it', async () => {
  expect(await run(night('03'), ...said, ...times, '--save-mapping', 'erp')).toMatchObject({ code: 0 })
  const next = await run(night('04'), '--mapping', 'erp')
  expect(next).toMatchObject({ code: 0, report: { accepted: 1 } })
  expect(next.noted).toContain('times from 2026-04-04T06:00:00Z')
  // Command-line options override the mapping, and are saved to it.
  expect(await run(night('05'), '--map', 'erp', '--timezone', 'UTC', '--save-mapping', 'erp')).toMatchObject({
    code: 0,
  })
  expect((await run(night('06'), '--mapping', 'erp', '--dry-run')).noted).toContain('times from 2026-04-06T08:00:00Z')
})

test('a name that the site does not keep is told, and so is a mapping by which no file can be read', async () => {
  const unknown = await run(night('03'), '--mapping', 'wms')
  expect(unknown).toMatchObject({
    code: 1,
    noted: expect.stringContaining('site plant keeps no mapping of that name; it has: erp'),
  })
  const terminal = testTerminal()
  const wrong = { method: 'PUT', path: '/api/v1/import-mappings/bad', body: { timezone: 'Mars/Base' } } as const
  await expect(callServerApi('plant', wrong, terminal)).rejects.toThrow('timezone: takes a name such as Asia/Shanghai')
  await callServerApi('plant', { method: 'DELETE', path: '/api/v1/import-mappings/erp' }, terminal)
  expect((await run(night('03'), '--mapping', 'erp')).noted).toContain('it has: none')
})
