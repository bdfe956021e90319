import type { ImportReport, ReportRemark } from '@stagewatch/shared/contract/import-report.ts'
import { isRemarkCode, type RemarkCode } from '@stagewatch/shared/contract/import-report.ts'
import type { ImportMapping, RepeatedRowRule, RowMeaning } from '@stagewatch/shared/contract/import-mapping.ts'
import type { ImportOrder } from '@stagewatch/shared/contract/uploads.ts'
import { encodings, quotes, usualReuse, withField } from '../mapping/edit-order.ts'

/** The fix of a finding: another value in the mapping, or a field that the user has to fill in. */
export type Fix =
  | { readonly kind: 'encoding' | 'sheet' | 'timeFormat' | 'timezone' | 'reuseAfter'; readonly value: string }
  | { readonly kind: 'quote'; readonly value: NonNullable<ImportMapping['quote']> }
  | { readonly kind: 'as'; readonly value: RowMeaning }
  | { readonly kind: 'decimalComma'; readonly value: boolean }
  | { readonly kind: 'duplicates'; readonly value: RepeatedRowRule }
  | { readonly kind: 'preset'; readonly value: 'none' }
  | { readonly kind: 'addStages' }
  | { readonly kind: 'goTo'; readonly field: FieldName }

/** A field of the mapping that a finding can refer to. */
export type FieldName = 'skipLines' | 'timeFormat' | 'timezone' | 'columns' | 'milestones' | 'terminal' | 'nulls'

interface Common {
  /** `warning`: rows or values may be wrong. `note`: informative only. */
  readonly level: 'warning' | 'note'
  readonly count: number
  readonly lines: readonly number[]
  readonly fixes: readonly Fix[]
}

type Told =
  | { readonly kind: 'remark'; readonly code: RemarkCode; readonly params: ReportRemark['params'] }
  /** A finding without a translation, in English. */
  | { readonly kind: 'other'; readonly text: string }
  | { readonly kind: 'alike'; readonly stages: readonly string[] }
  | { readonly kind: 'undecided'; readonly header: string; readonly formats: string; readonly doubt: string }
  | { readonly kind: 'dateOnly'; readonly header: string }
  | { readonly kind: 'numbers'; readonly header: string; readonly openAs: string; readonly example: string }
  | {
      readonly kind: 'cells'
      readonly column: string
      readonly cause: ImportReport['cells'][number]['cause']
      readonly example: string
    }
  | { readonly kind: 'noTerminal' | 'oldData' }
  | { readonly kind: 'unchanged'; readonly stages: readonly string[] }

export type Finding = Common & Told

/** Codes that are informative only. */
const notes: ReadonlySet<RemarkCode> = new Set([
  'preamble_skipped',
  'trailing_lines',
  'repeated_header',
  'merged_cells',
  'no_rows',
  'other_sheets',
  'ignored_columns',
  'nested_attributes',
  'empty_traces',
  'milestones',
  'repeated_milestones',
  'recognized_export',
  'read_upward',
  'repeated_rows',
  'repeated_steps',
  'renamed_orders',
  'order_lines',
  'starts_ignored',
])
const quietCells: ReadonlySet<string> = new Set(['empty_word', 'guard', 'invisible', 'placeholder', 'fold'])
/** Data older than this is probably a test or the wrong file. */
const oldMs = 60 * 24 * 3_600_000

interface Circumstances {
  readonly order: ImportOrder
  /** Epoch ms. */
  readonly now: number
  /** Candidate IANA zones: that of the site and that of the user. */
  readonly timezones: readonly string[]
}

/** Findings that a person should review before the import, warnings first. */
export function findingsOf(report: ImportReport, circumstances: Circumstances): Finding[] {
  const found = [
    ...report.remarks.map((remark) => ofRemark(remark, report, circumstances)),
    ...report.times.flatMap((column) => ofTimes(column)),
    ...report.numbers.flatMap(ofNumbers),
    ...report.stageNames.alike.map((stages): Finding => ({ ...plain, level: 'warning', kind: 'alike', stages })),
    ...ofProcess(report),
    ...report.cells.map((group) => ofCells(group, circumstances)),
    ...ofAge(report, circumstances.now),
  ]
  return found.toSorted((a, b) => levels.indexOf(a.level) - levels.indexOf(b.level))
}

const levels = ['warning', 'note'] as const
const plain = { count: 1, lines: [], fixes: [] } as const

function ofRemark(remark: ReportRemark, report: ImportReport, { order }: Circumstances): Finding {
  const { code, count, lines, params, text } = remark
  const common = { count, lines, fixes: fixesOf(remark, report, order) }
  if (!isRemarkCode(code)) return { ...common, level: 'warning', kind: 'other', text }
  return { ...common, level: notes.has(code) ? 'note' : 'warning', kind: 'remark', code, params }
}

function fixesOf({ code, fix, params }: ReportRemark, { file }: ImportReport, { mapping }: ImportOrder): Fix[] {
  switch (fix) {
    case 'encoding': {
      const { alternative } = params
      const likely = typeof alternative === 'string' && alternative !== '' ? [alternative] : []
      const others = encodings.filter((name) => name !== alternative && name !== 'utf-16le')
      return [...likely, ...others]
        .filter((name) => name !== file.encoding?.name)
        .slice(0, 3)
        .map((value) => ({ kind: 'encoding', value }))
    }
    case 'quote':
      return quotes
        .filter((value) => value !== (mapping.quote ?? file.quote))
        .map((value) => ({ kind: 'quote', value }))
    case 'sheet':
      return (file.sheets ?? [])
        .filter((name) => name !== file.sheet)
        .slice(0, 5)
        .map((value) => ({ kind: 'sheet', value }))
    case 'as':
      return code === 'lifecycle_not_used'
        ? [{ kind: 'as', value: 'lifecycle' }]
        : [
            { kind: 'as', value: 'activity' },
            { kind: 'as', value: 'completed' },
          ]
    case 'duplicates':
      return [{ kind: 'duplicates', value: duplicatesFix(code) }]
    case 'reuseAfter':
      return mapping.reuseAfter === undefined ? [{ kind: 'reuseAfter', value: usualReuse }] : []
    case 'preset':
      return [{ kind: 'preset', value: 'none' }]
    case 'skipLines':
    case 'milestones':
    case 'timeFormat':
    case 'timezone':
    case 'columns':
    case 'nulls':
      return [{ kind: 'goTo', field: fix }]
    default:
      return []
  }
}

/** The other rule that may be intended. */
function duplicatesFix(code: string): RepeatedRowRule {
  if (code === 'same_steps') return 'step'
  return code === 'repeated_steps' ? 'once' : 'keep'
}

function ofTimes({ header, undecided, dateRows, name }: ImportReport['times'][number]): Finding[] {
  const open = undecided.map(({ formats, doubt, rows }): Finding => ({
    kind: 'undecided',
    level: 'warning',
    header,
    formats,
    doubt,
    count: rows,
    lines: [],
    fixes: formats.split(' or ').map((value) => ({ kind: 'timeFormat', value })),
  }))
  const days: Finding[] =
    name === 'time' && dateRows > 0 ? [{ ...plain, kind: 'dateOnly', level: 'note', header, count: dateRows }] : []
  return [...open, ...days]
}

function ofNumbers({ header, openAs, openRows, examples }: ImportReport['numbers'][number]): Finding[] {
  if (openAs === undefined || openAs === 'not at all') return []
  const example = examples[0]?.value ?? ''
  const fixes: Fix[] = [{ kind: 'decimalComma', value: true }]
  return [{ kind: 'numbers', level: 'warning', header, openAs, example, count: openRows, lines: [], fixes }]
}

function ofProcess({ process }: ImportReport): Finding[] {
  if (process === undefined) return []
  const { stages, unchanged } = process
  return [
    ...(stages.length > 0 && stages.every(({ terminal }) => !terminal)
      ? [{ ...plain, kind: 'noTerminal', level: 'warning', fixes: [{ kind: 'goTo', field: 'terminal' }] } as const]
      : []),
    ...(unchanged.length > 0 ? [{ ...plain, kind: 'unchanged', level: 'warning', stages: unchanged } as const] : []),
  ]
}

function ofCells(
  { column, cause, count, examples }: ImportReport['cells'][number],
  { order, timezones }: Circumstances,
): Finding {
  const zones = timezones.filter((zone) => zone !== order.mapping.timezone)
  const fixes: Fix[] = cause === 'gap' || cause === 'fold' ? zones.map((value) => ({ kind: 'timezone', value })) : []
  const level = quietCells.has(cause) ? 'note' : 'warning'
  const lines = examples.map(({ line }) => line)
  return { kind: 'cells', level, column, cause, count, lines, example: examples[0]?.value ?? '', fixes }
}

function ofAge({ times }: ImportReport, now: number): Finding[] {
  const span = times.find(({ name }) => name === 'time')?.span
  return span !== undefined && now - span.latestAt > oldMs ? [{ ...plain, kind: 'oldData', level: 'note' }] : []
}

/** The settings with the fix applied. Undefined: the user has to fill in a field. */
export function applied(fix: Fix, order: ImportOrder): ImportOrder | undefined {
  switch (fix.kind) {
    case 'addStages':
      return { ...order, discover: true }
    case 'goTo':
      return undefined
    case 'quote':
      return withField(order, 'quote', fix.value)
    case 'as':
      return withField(order, 'as', fix.value)
    case 'decimalComma':
      return withField(order, 'decimalComma', fix.value)
    case 'duplicates':
      return withField(order, 'duplicates', fix.value)
    case 'preset':
      return withField(order, 'preset', fix.value)
    default:
      return withField(order, fix.kind, fix.value)
  }
}

/** Possible fixes for rows that were rejected for the same cause. */
export function fixesOfRejection({ code, cause }: ImportReport['rejections'][number]): Fix[] {
  // No setting helps: only the file can be corrected.
  if (cause === 'rounded' || cause === 'total' || cause === 'cut_off') return []
  if (code === 'unknown_stage') return [{ kind: 'addStages' }]
  if (code === 'invalid_time') return [{ kind: 'goTo', field: 'timeFormat' }]
  if (code === 'missing_field' || code === 'invalid_field') return [{ kind: 'goTo', field: 'columns' }]
  return []
}
