import type { HeatCell } from '@stagewatch/shared/contract/board.ts'
import { fewOrders, heatClass, type HeatClass } from '@stagewatch/shared/domain/heat-class.ts'

/** What a cell of the heat map shows. `missing`: its source was silent, so that nobody knows. */
export type HeatLook =
  | { readonly kind: 'missing' }
  | { readonly kind: 'value'; readonly heat: HeatClass; readonly text: string }

const noneOpen = '·'

/** The share in whole percent, coloured by the number that is shown, so that no cell contradicts the legend. */
export function heatLook(cell: HeatCell | undefined, toleranceRatio: number): HeatLook {
  if (cell === null || cell === undefined) return { kind: 'missing' }
  const { wip, overdue } = cell
  if (wip === 0) return { kind: 'value', heat: 0, text: noneOpen }
  if (overdue === 0) return { kind: 'value', heat: 0, text: '0' }
  if (wip < fewOrders) {
    return { kind: 'value', heat: heatClass(overdue, wip, toleranceRatio), text: `${overdue}/${wip}` }
  }
  const percent = Math.round((overdue / wip) * 100)
  if (percent === 0) return { kind: 'value', heat: 1, text: '<1' }
  return { kind: 'value', heat: heatClass(percent, 100, toleranceRatio), text: String(percent) }
}

/** The first class at or above the tolerance: from here on a count is a call. */
const firstAlarm: HeatClass = 3

export function isAlarm(look: HeatLook): boolean {
  return look.kind === 'value' && look.heat >= firstAlarm
}
