import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '../../platform/app-error.ts'
import { fileOptionsOf } from './file-options.ts'
import { importFile } from './import-file.ts'
import { surveyFile } from './survey-file.ts'

test('a file is not read on when its rows cannot be sent, and the import says why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stagewatch-import-'))
  const path = join(folder, 'log.csv')
  const rows = Array.from({ length: 230_000 }, (_, i) => `O-${i},pick,2026-01-02T08:00:00Z\n`)
  writeFileSync(path, `order,stage,timestamp\n${rows.join('')}`)
  const stopped = new AbortController().signal
  const monitor = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped }
  const options = { ...fileOptionsOf(path, {}), errorsPath: undefined }
  const surveyed = await surveyFile(options, monitor)
  const send = () => Promise.reject(new AppError('overloaded', 'too many events are waiting'))
  const result = await importFile(options, { maxEvents: 5_000, maxCharacters: 1e6, send }, monitor, surveyed, [])
  await surveyed.file.close()
  rmSync(folder, { recursive: true })
  expect(result.breakOff).toMatchObject({ brokenOff: 'too many events are waiting' })
  // While 100,000 rows are being sent, as many are gathered; the rest has not been read.
  expect(result.table.facts.rows).toBeLessThan(rows.length)
})
