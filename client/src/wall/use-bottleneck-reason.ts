import type { Board } from '@stagewatch/shared/contract/board.ts'
import { formatCount, formatShare } from '../format/quantity.ts'
import { middleEllipsis } from '../format/shorten.ts'
import { useText } from '../locales/use-text.ts'

/** Letters of a stage name within the sentence. */
const nameWidth = 24

/** Why a stage is the bottleneck, as text: `QC: 25% over limit, 14 of 57`. Undefined if there is none. */
export function useBottleneckReason({
  bottleneck = '',
  stages,
}: Pick<Board, 'bottleneck' | 'stages'>): string | undefined {
  const { t, language, nameOf } = useText()
  const column = stages[bottleneck]
  if (column === undefined) return undefined
  return t('matrix.framed', {
    stage: middleEllipsis(nameOf(column.name), nameWidth),
    percent: formatShare(column.overdue, column.wip, language),
    overdue: formatCount(column.overdue, language),
    open: formatCount(column.wip, language),
  })
}
