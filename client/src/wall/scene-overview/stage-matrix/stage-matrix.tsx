import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { CSSProperties } from 'react'
import { hasOrdersWithoutLimit, isWithoutLimits, stagesWithoutLimit } from '../../../format/missing-limits.ts'
import { useShownTime } from '../../../live/use-shown-time.ts'
import { useText } from '../../../locales/use-text.ts'
import { useWallLayout } from '../../use-wall-layout.ts'
import { useCycle, stageParts } from '../../shown-in-turn.ts'
import { HeatLegend } from './heat-legend.tsx'
import { HeatMap } from './heat-map.tsx'
import { SourceNote } from './source-note.tsx'
import { stageNames } from '../../shown-names.ts'
import { StageStrip, type NamedStage } from './stage-strip.tsx'
import { maxColumns } from './max-columns.ts'
import '../../heat.css'
import './stage-matrix.css'
import { formatCount, formatShare } from '../../../format/quantity.ts'
import { middleEllipsis } from '../../../format/shorten.ts'

const partShownMs = 12_000
/** Letters of a name in two lines of the narrowest column. */
const nameWidth = 14

interface StageMatrixProps {
  readonly board: Pick<
    Board,
    'site' | 'process' | 'stages' | 'stageOrder' | 'bottleneck' | 'heatmap' | 'sources' | 'kpis'
  >
}

/** One column per stage, from its load at the top to its last hours at the bottom. */
export function StageMatrix({ board }: StageMatrixProps) {
  const { t, language } = useText()
  const { freshness, shownNow } = useShownTime()
  const parts = stageParts(board.stageOrder, maxColumns(useWallLayout()))
  const turn = useCycle(partShownMs, freshness !== 'lost')
  const names = stageNames(board, language, nameWidth)
  const part = parts[turn % parts.length] ?? []
  const stages = part.flatMap((code): NamedStage[] => {
    const column = board.stages[code]
    return column === undefined ? [] : [{ code, column, name: names.get(code) ?? code }]
  })
  const from = board.stageOrder.indexOf(part[0] ?? '') + 1
  const range = { from, to: from + part.length - 1, total: board.stageOrder.length }
  const withoutLimit = hasOrdersWithoutLimit(board)
    ? stagesWithoutLimit(board).map((code) => names.get(code) ?? code)
    : []
  const clock = board.process.hasCalendar ? t('matrix.workingClock') : t('matrix.clock')
  const framed = part.indexOf(board.bottleneck ?? '')
  const why = useBottleneckReason(board)
  return (
    <section className="panel matrix" role="table" style={asColumns(stages.length)} key={part[0]}>
      <div className="matrix__title">
        <h2 className="panel-title">{t('matrix.title')}</h2>
        <span className={`panel-note ${why === undefined ? '' : 'matrix__why'} ellipsis`} data-may-truncate>
          {why ??
            (withoutLimit.length > 0
              ? t('matrix.withoutLimit', { stages: withoutLimit.join(t('listComma')) })
              : parts.length > 1
                ? t('matrix.part', range)
                : !isWithoutLimits(board.kpis) && clock)}
        </span>
        <SourceNote board={board} />
      </div>
      <StageStrip stages={stages} />
      <div className="matrix__title matrix__title--heat">
        <h2 className="panel-title matrix__heading">{t('matrix.share')}</h2>
        <span className="panel-note">{t('matrix.snapshot')}</span>
      </div>
      <HeatMap
        stages={stages}
        heatmap={board.heatmap}
        timeZone={board.site.timeZone}
        frozenAt={freshness === 'lost' ? shownNow : undefined}
      />
      <HeatLegend
        toleranceRatios={stages.map(({ column }) => column.toleranceRatio)}
        hasStageWithoutLimit={stages.some(({ column }) => column.unjudged)}
      />
      {framed >= 0 && (
        <div className="bottleneck" style={{ gridColumn: `${framed + 2} / ${framed + 3}` }}>
          <span className="bottleneck__tag">{t('matrix.bottleneck')}</span>
        </div>
      )}
    </section>
  )
}

/** React's style type has no custom properties. */
function asColumns(count: number): CSSProperties {
  return { '--columns': Math.max(1, count) } as CSSProperties
}

/** Letters of a stage name within the sentence. */
const sentenceNameWidth = 24

/** Why a stage is the bottleneck, as text: `QC: 25% over limit, 14 of 57`. Undefined if there is none. */
function useBottleneckReason({ bottleneck = '', stages }: Pick<Board, 'bottleneck' | 'stages'>): string | undefined {
  const { t, language, nameOf } = useText()
  const column = stages[bottleneck]
  if (column === undefined) return undefined
  return t('matrix.framed', {
    stage: middleEllipsis(nameOf(column.name), sentenceNameWidth),
    percent: formatShare(column.overdue, column.wip, language),
    overdue: formatCount(column.overdue, language),
    open: formatCount(column.wip, language),
  })
}
