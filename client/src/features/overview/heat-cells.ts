import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { fewOrders, heatClass, type HeatClass } from '@stagewatch/shared/domain/heat-class.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { durationUnit, inUnit, type DurationPart } from '../../format/duration.ts'
import { formatCount, formatShare, formatShort } from '../../format/quantity.ts'

/** Text and colour class of a cell. Undefined: the cell is blank. */
export type CellLook =
  | { readonly heat: HeatClass; readonly value: string; readonly unit?: DurationPart['unit'] }
  | undefined

/** Tolerance and limit of a stage, from the board. */
export type StageRule = Pick<Board['stages'][string], 'toleranceRatio' | 'targetMs'>

/** Default for rows that are not stages, or whose process is not on the board. */
const usualRule: StageRule = { toleranceRatio: 0.1 }

/** Maximum number of rows; the omitted rows are less busy. */
const maxRows = 14

interface HeatTable {
  readonly rows: readonly (HeatmapAnswer['rows'][number] & { readonly cells: readonly HeatCell[] })[]
  /** Number of omitted rows. */
  readonly leftOut: number
}

export interface HeatCell {
  readonly look: CellLook
  /** Null: there is no value. */
  readonly value: number | null
  readonly count: number
  /** `closed`: outside working time. `missing`: the source was silent, so the value is unknown. */
  readonly blank?: 'closed' | 'missing'
}

/** Adds a class and a text to each cell. Stages keep their order; of other names only the busiest are kept. */
export function heatTable(
  answer: HeatmapAnswer,
  ruleOf: (row: HeatmapAnswer['rows'][number]) => StageRule | undefined,
  language: Language,
): HeatTable {
  const most = Math.max(0, ...answer.cells.flat().map((value) => value ?? 0))
  const blanks = new Map<string, HeatCell['blank']>([
    ...answer.missing.map((place) => [place.join('.'), 'missing'] as const),
    ...answer.closed.map((place) => [place.join('.'), 'closed'] as const),
  ])
  const all = answer.rows.map((row, y) => {
    const rule = ruleOf(row) ?? usualRule
    const cells = answer.columns.map((_, x): HeatCell => {
      const value = answer.cells[y]?.[x] ?? null
      const count = answer.counts[y]?.[x] ?? 0
      const blank = blanks.get(`${y}.${x}`)
      // Orders that wait over a closed day are expected; orders finished on one are not.
      if (blank === 'closed' && (answer.basis === 'snapshot' || value === null || value === 0)) {
        return { value: null, count: 0, look: undefined, blank }
      }
      if (value === null && blank !== undefined) return { value, count, look: undefined, blank }
      return { value, count, look: lookOf(answer, value, count, rule, most, language) }
    })
    return { ...row, cells }
  })
  const isOfStages = answer.rows.some(({ process }) => process !== undefined)
  if (isOfStages || all.length <= maxRows) return { rows: all, leftOut: 0 }
  const weight = ({ cells }: (typeof all)[number]): number => cells.reduce((sum, { count }) => sum + count, 0)
  const rows = all.toSorted((a, b) => weight(b) - weight(a)).slice(0, maxRows)
  return { rows, leftOut: all.length - maxRows }
}

function lookOf(
  { metric, basis }: Pick<HeatmapAnswer, 'metric' | 'basis'>,
  value: number | null,
  count: number,
  rule: StageRule,
  most: number,
  language: Language,
): CellLook {
  if (value === null) return undefined
  switch (metric) {
    case 'breachRatio':
      return shareLook(value, count, basis, rule, language)
    case 'p50':
    case 'p90': {
      const unit = durationUnit(value)
      return { heat: dwellClass(value, rule.targetMs), value: formatShort(inUnit(value, unit), language), unit }
    }
    case 'wip':
    case 'visits':
      return { heat: neutralClass(value, most), value: formatCount(Math.round(value), language) }
  }
}

/**
 * Number of orders in the list that the cell links to. Undefined: the list shows the current state, while the cell is
 * about finished visits.
 */
export function listedCount(
  { metric, basis }: Pick<HeatmapAnswer, 'metric' | 'basis'>,
  { value, count }: Pick<HeatCell, 'value' | 'count'>,
): number | undefined {
  if (basis !== 'snapshot' || value === null) return undefined
  return metric === 'breachRatio' ? Math.round(value * count) : Math.round(value)
}

/** A ratio as a whole percentage, coloured by the rounded value; for a few orders as a fraction. */
function shareLook(
  ratio: number,
  count: number,
  basis: HeatmapAnswer['basis'],
  { toleranceRatio }: StageRule,
  language: Language,
): CellLook {
  if (count === 0) return { heat: 0, value: '·' }
  const late = Math.round(ratio * count)
  if (late === 0) return { heat: 0, value: '0' }
  const value = formatShare(late, count, language)
  if (count < fewOrders) {
    // Some finished visits may have had no limit, so a fraction of all visits would be wrong.
    return { heat: heatClass(late, count, toleranceRatio), value: basis === 'snapshot' ? `${late}/${count}` : value }
  }
  const percent = Math.round(ratio * 100)
  return { heat: percent === 0 ? 1 : heatClass(percent, 100, toleranceRatio), value }
}

/** Class of a median relative to its limit; warm from the limit on. Without a limit it is never warm. */
export function dwellClass(medianMs: number, targetMs: number | undefined): HeatClass {
  if (targetMs === undefined) return 1
  const part = medianMs / targetMs
  if (part < 0.5) return 0
  if (part < 0.75) return 1
  if (part < 1) return 2
  if (part < 1.5) return 3
  return part < 2.5 ? 4 : 5
}

/** Quantities have no limit, so their colours only express more or less. */
export function neutralClass(value: number, most: number): HeatClass {
  if (value <= 0 || most <= 0) return 0
  return value < most / 2 ? 1 : 2
}
