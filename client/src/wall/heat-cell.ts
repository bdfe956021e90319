import type { HeatCell, StageColumn } from '@stagewatch/shared/contract/board.ts'
import { fewOrders, heatClass, type HeatClass } from '@stagewatch/shared/domain/heat-class.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { formatShare } from '../format/quantity.ts'

/**
 * What a cell of the heat map shows. `missing`: its source was silent, so the value is unknown. `noLimit`: without a
 * limit no order can be overdue.
 */
export type HeatLook =
  | { readonly kind: 'missing' }
  | { readonly kind: 'noLimit' }
  | { readonly kind: 'value'; readonly heat: HeatClass; readonly text: string }

const noneOpen = '·'

/** The share in whole percent, coloured by the displayed number, so that no cell contradicts the legend. */
export function heatLook(
  cell: HeatCell | undefined,
  { toleranceRatio, unjudged }: Pick<StageColumn, 'toleranceRatio' | 'unjudged'>,
  language: Language,
): HeatLook {
  if (cell === null || cell === undefined) return { kind: 'missing' }
  const { wip, overdue } = cell
  if (wip === 0) return { kind: 'value', heat: 0, text: noneOpen }
  if (overdue === 0 && unjudged) return { kind: 'noLimit' }
  if (overdue === 0) return { kind: 'value', heat: 0, text: '0' }
  if (wip < fewOrders) {
    return { kind: 'value', heat: heatClass(overdue, wip, toleranceRatio), text: `${overdue}/${wip}` }
  }
  const percent = Math.round((overdue / wip) * 100)
  const text = formatShare(overdue, wip, language)
  return { kind: 'value', heat: percent === 0 ? 1 : heatClass(percent, 100, toleranceRatio), text }
}

/** The first class at or above the tolerance; from here on, a count demands attention. */
const firstAlarm: HeatClass = 3

export function isAlarm(look: HeatLook): boolean {
  return look.kind === 'value' && look.heat >= firstAlarm
}
