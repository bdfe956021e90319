import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { importReport as reportSchema } from '@stagewatch/shared/contract/import-report.ts'
import { expect, test } from 'vitest'
import { importFile } from './import-file.ts'
import { importReport } from './import-report.ts'
import { surveyFile } from './survey-file.ts'
import { fileOptionsOf } from './file-options.ts'
import type { ImportFileOptions } from './file-options.ts'

const unwatched = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped: new AbortController().signal }

/** The report of a file if the server rejects the events of one stage. */
async function reportOf(text: string, mapping: ImportMapping = {}, preview = false) {
  const path = join(mkdtempSync(join(tmpdir(), 'stagewatch-report-')), 'log.csv')
  writeFileSync(path, text)
  const whole: ImportFileOptions = { ...fileOptionsOf(path, mapping), errorsPath: undefined, preview }
  const surveyed = await surveyFile(whole, unwatched)
  const result = await importFile(
    whole,
    {
      maxEvents: 1_000,
      maxCharacters: 1_000_000,
      send: async (events) =>
        events.map(({ stage }, index) =>
          stage === 'closed'
            ? { index, status: 'rejected', code: 'unknown_stage', message: 'no such stage', field: 'stage' }
            : { index, status: 'accepted' },
        ),
    },
    unwatched,
    surveyed,
    [],
  )
  await surveyed.file.close()
  return reportSchema.strict().parse(importReport({ ...whole, dryRun: true }, result, undefined))
}

test('rows of one order, stage and time count each, which is told with what makes them count once', async () => {
  const rows = [
    'A,pick,2026-01-02T00:00:00Z,Bolt',
    'A,pick,2026-01-02T00:00:00Z,Nut',
    'A,pick,2026-01-02T00:00:00Z,Nut',
  ]
  const text = ['order,stage,timestamp,article', ...rows, 'A,pack,2026-01-02T01:00:00Z,Nut', ''].join('\n')
  const said = async (mapping: ImportMapping) => {
    const { accepted, duplicate, remarks } = await reportOf(text, mapping)
    const told = remarks.filter(({ fix }) => fix === 'duplicates')
    return [accepted, duplicate, ...told.map(({ code, count, lines }) => [code, count, ...lines])]
  }
  expect(await said({})).toEqual([3, 1, ['repeated_rows', 1, 4], ['same_steps', 1, 3]])
  expect(await said({ duplicates: 'step' })).toEqual([2, 2, ['repeated_steps', 2, 3, 4]])
  expect(await said({ duplicates: 'keep' })).toEqual([4, 0])
  const numbered = text
    .replaceAll(/^(A.*)$/gm, (line, _, at: number) => `${line},${at}`)
    .replace('article', 'article,event_id')
  expect((await reportOf(numbered)).remarks.map(({ code }) => code)).not.toContain('same_steps')
})

test('rejections are grouped by column and cause, with the first values as they can be shown', async () => {
  const rows = ['A,pack,2026-01-02T00:00:00Z', 'A,closed,2026-01-03T00:00:00Z']
  const wrong = ['so\u0007on', 'x'.repeat(500), 'later', 'never'].map((time) => `B,pack,${time}`)
  const { rejections, rejected, accepted } = await reportOf(
    ['order,Step name,timestamp', ...rows, ...wrong, ''].join('\n'),
    {
      columns: { stage: 'Step name' },
    },
  )
  expect({ rejected, accepted }).toEqual({ rejected: 5, accepted: 1 })
  expect(rejections).toMatchObject([
    {
      column: 'timestamp',
      code: 'invalid_time',
      count: 4,
      first: [{ line: 4, value: String.raw`so\u0007on` }, { line: 5, value: `${'x'.repeat(60)}…` }, { line: 6 }],
    },
    { column: 'Step name', code: 'unknown_stage', count: 1, first: [{ line: 3, value: 'closed' }] },
  ])
  expect(rejections[0]?.first).toHaveLength(3)
})

test('the first rows are shown beside their events, also those that are refused later', async () => {
  const many = Array.from({ length: 60 }, (_, i) => `C,pack,2026-02-01T00:00:${String(i).padStart(2, '0')}Z,7`)
  const first = ['A,closed,2026-01-03T00:00:00Z,1', `B,pack,soon,${'y'.repeat(300)}`]
  const { preview } = await reportOf(['order,stage,timestamp,customer', ...first, ...many, ''].join('\n'), {}, true)
  expect(preview?.header).toEqual(['order', 'stage', 'timestamp', 'customer'])
  expect(preview?.rows).toHaveLength(50)
  expect(preview?.rows.slice(0, 3)).toMatchObject([
    { line: 2, rejection: { column: 'stage', code: 'unknown_stage' }, events: [{ stage: 'closed' }] },
    { line: 3, rejection: { column: 'timestamp' }, events: [], cells: ['B', 'pack', 'soon', `${'y'.repeat(120)}…`] },
    { line: 4, events: [{ type: 'stage.entered', order: 'C', stage: 'pack', data: { customer: '7' } }] },
  ])
})

test('a remark says in codes what it is about and which field of the mapping changes it', async () => {
  const { remarks, columns } = await reportOf('made by ERP\n\norder;stage;timestamp;x\nA;pack;2026-01-02T00:00:00Z;\n')
  expect(remarks).toMatchObject([{ code: 'preamble_skipped', count: 1, lines: [3], fix: 'skipLines' }])
  expect(columns.ignored).toEqual([{ header: 'x', place: 4 }])
})
