import type { ImportReport } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { describe, expect, it } from 'vitest'
import { applied, findingsOf, type Fix } from './findings.ts'

const now = Date.UTC(2026, 5, 9)
const order: ImportOrder = { mapping: { timezone: 'UTC' }, discover: false, terminal: [] }

/** A report without findings, except for the given parts. */
function reportWith(parts: Partial<ImportReport>): ImportReport {
  return {
    rows: 2,
    accepted: 2,
    duplicate: 0,
    rejected: 0,
    orders: 1,
    stages: 2,
    elapsedMs: 1,
    dryRun: true,
    file: { kind: 'csv', rows: 2, encoding: { name: 'gb18030', certainty: 'doubtful' } },
    columns: { used: [], ignored: [] },
    meaning: { rows: 'events', as: 'entered', isProposed: true },
    times: [],
    numbers: [],
    stageNames: { first: [], alike: [] },
    rejections: [],
    cells: [],
    remarks: [],
    ...parts,
  }
}

function found(parts: Partial<ImportReport>, asked: ImportOrder = order) {
  return findingsOf(reportWith(parts), { order: asked, now, timezones: ['Asia/Shanghai', 'UTC'] })
}

function remark(code: string, more: Partial<ImportReport['remarks'][number]> = {}) {
  return { code, count: 1, lines: [], params: {}, text: 'in English', ...more }
}

const time = {
  name: 'time',
  header: 'When',
  shapes: [],
  undecided: [],
  dateRows: 0,
  gapRows: 0,
  foldRows: 0,
  placeholderRows: 0,
  unreadableRows: 0,
  areRounded: false,
  examples: [],
}

describe('what is to be looked at in a file', () => {
  it('is nothing where nothing is in doubt', () => {
    expect(found({})).toEqual([])
  })

  it('has what makes rows of one step count once, and numbers that come again new orders', () => {
    const fixesOf = (code: string, fix: string, asked?: ImportOrder) =>
      found({ remarks: [remark(code, { fix })] }, asked).flatMap(({ fixes }) => fixes.map((one) => applied(one, order)))
    expect(fixesOf('same_steps', 'duplicates')).toMatchObject([{ mapping: { duplicates: 'step' } }])
    expect(fixesOf('repeated_steps', 'duplicates')).toMatchObject([{ mapping: { duplicates: 'once' } }])
    expect(fixesOf('repeated_rows', 'duplicates')).toMatchObject([{ mapping: { duplicates: 'keep' } }])
    expect(fixesOf('reused_orders', 'reuseAfter')).toMatchObject([{ mapping: { reuseAfter: '180d' } }])
    const told = { ...order, mapping: { reuseAfter: '90d' } }
    expect(fixesOf('reused_orders', 'reuseAfter', told)).toEqual([])
  })

  it('begins with what may be wrong', () => {
    const remarks = [remark('preamble_skipped'), remark('cut_off'), remark('repeated_header'), remark('damaged_text')]
    const levels = found({ remarks }).map(({ level }) => level)
    expect(levels).toEqual(['warning', 'warning', 'note', 'note'])
  })

  it('is told in English where this page does not know it yet', () => {
    expect(found({ remarks: [remark('something_new')] })).toMatchObject([{ kind: 'other', text: 'in English' }])
  })

  it('offers the encodings that are likely, and not the one that was read', () => {
    const doubtful = remark('encoding_doubtful', { fix: 'encoding', params: { alternative: 'big5' } })
    expect(found({ remarks: [doubtful] })[0]?.fixes).toEqual(
      ['big5', 'utf-8', 'windows-1252'].map((value) => ({ kind: 'encoding', value })),
    )
  })

  it('offers both days of a date that can be read in two ways', () => {
    const undecided = [{ form: 'n.n.yyyy', formats: 'dd.MM.yyyy or MM.dd.yyyy', doubt: 'ambiguous' as const, rows: 7 }]
    expect(found({ times: [{ ...time, undecided }] })).toMatchObject([
      { kind: 'undecided', count: 7, fixes: [{ value: 'dd.MM.yyyy' }, { value: 'MM.dd.yyyy' }] },
    ])
  })

  it('offers another zone for times that no clock has shown', () => {
    const cells = [{ column: 'When', cause: 'gap' as const, count: 1, examples: [], message: '' }]
    expect(found({ cells })).toMatchObject([{ fixes: [{ kind: 'timezone', value: 'Asia/Shanghai' }] }])
  })

  it('asks for the stages that end an order, where none does', () => {
    const stage = (terminal: boolean) => ({ code: 'pack', terminal })
    const process = { code: 'default', exists: false, unchanged: [], lastStages: [], stages: [stage(false)] }
    expect(found({ process })).toMatchObject([{ kind: 'noTerminal' }])
    expect(found({ process: { ...process, stages: [stage(false), stage(true)] } })).toEqual([])
  })

  it('tells data of long ago from that of last week', () => {
    const span = (latestAt: number) => ({ times: [{ ...time, span: { earliestAt: 0, latestAt } }] })
    expect(found(span(now - 90 * 86_400_000))).toMatchObject([{ kind: 'oldData', level: 'note' }])
    expect(found(span(now - 7 * 86_400_000))).toEqual([])
  })
})

it.each<[Fix, Partial<ImportOrder> | undefined]>([
  [{ kind: 'encoding', value: 'big5' }, { mapping: { timezone: 'UTC', encoding: 'big5' } }],
  [{ kind: 'timezone', value: 'Asia/Shanghai' }, { mapping: { timezone: 'Asia/Shanghai' } }],
  [{ kind: 'quote', value: 'none' }, { mapping: { timezone: 'UTC', quote: 'none' } }],
  [{ kind: 'duplicates', value: 'keep' }, { mapping: { timezone: 'UTC', duplicates: 'keep' } }],
  [{ kind: 'addStages' }, { discover: true }],
  [{ kind: 'goTo', field: 'timeFormat' }, undefined],
])('a fix changes what it names: %o', (fix, change) => {
  expect(applied(fix, order)).toEqual(change === undefined ? undefined : { ...order, ...change })
})
