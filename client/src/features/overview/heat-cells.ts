import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { fewOrders, heatClass, type HeatClass } from '@stagewatch/shared/domain/heat-class.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { durationUnit, inUnit, type DurationPart } from '../../format/duration.ts'
import { formatCount, formatShare, formatShort } from '../../format/quantity.ts'

/** What stands in a cell and in which class it is; undefined: there is nothing to say, so the cell is blank. */
export type CellLook =
  | { readonly heat: HeatClass; readonly value: string; readonly unit?: DurationPart['unit'] }
  | undefined

/** What a stage may have, as the wall says it. */
export type StageRule = Pick<Board['stages'][string], 'toleranceRatio' | 'targetMs'>

/** Of what is no stage, or of no process that the wall shows. */
const usualRule: StageRule = { toleranceRatio: 0.1 }

/** Rows that are drawn; the others have less in them. */
const maxRows = 14

interface HeatTable {
  readonly rows: readonly (HeatmapAnswer['rows'][number] & { readonly cells: readonly HeatCell[] })[]
  /** Rows that are not drawn. */
  readonly leftOut: number
}

export interface HeatCell {
  readonly look: CellLook
  /** Null: there is nothing to say. */
  readonly value: number | null
  readonly count: number
  /** Nobody works then; or the source was silent, so that nobody knows. */
  readonly blank?: 'closed' | 'missing'
}

/** The table of the answer with the class and the text of each cell. Stages keep their order; of names the busiest stay. */
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
      // What waits over a closed day is no news; what was finished on one is.
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
 * How many orders the list has to which the cell leads. Undefined: the list is of now, and the cell is about visits that
 * have ended.
 */
export function listedCount(
  { metric, basis }: Pick<HeatmapAnswer, 'metric' | 'basis'>,
  { value, count }: Pick<HeatCell, 'value' | 'count'>,
): number | undefined {
  if (basis !== 'snapshot' || value === null) return undefined
  return metric === 'breachRatio' ? Math.round(value * count) : Math.round(value)
}

/** The share in whole percent, coloured by the number that is shown; of a few orders the fraction. */
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
    // Of visits that have ended some may have had no limit, so that the fraction of all of them would be another one.
    return { heat: heatClass(late, count, toleranceRatio), value: basis === 'snapshot' ? `${late}/${count}` : value }
  }
  const percent = Math.round(ratio * 100)
  return { heat: percent === 0 ? 1 : heatClass(percent, 100, toleranceRatio), value }
}

/** A median against its limit: from the limit on it is warm. Without one there is nothing to be warm about. */
export function dwellClass(medianMs: number, targetMs: number | undefined): HeatClass {
  if (targetMs === undefined) return 1
  const part = medianMs / targetMs
  if (part < 0.5) return 0
  if (part < 0.75) return 1
  if (part < 1) return 2
  if (part < 1.5) return 3
  return part < 2.5 ? 4 : 5
}

/** Amounts have no limit, so that their colour says more and less and never too much. */
export function neutralClass(value: number, most: number): HeatClass {
  if (value <= 0 || most <= 0) return 0
  return value < most / 2 ? 1 : 2
}
