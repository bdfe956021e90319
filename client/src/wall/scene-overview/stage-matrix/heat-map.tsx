import type { Board } from '@stagewatch/shared/contract/board.ts'
import { timeOfDay } from '../../../format/clock-time.ts'
import { useText } from '../../../text/use-text.ts'
import { heatLook, type HeatLook } from '../../heat-cell.ts'
import type { NamedStage } from './stage-strip.tsx'

const mostMarks = 6

interface HeatMapProps {
  readonly stages: readonly NamedStage[]
  readonly heatmap: Board['heatmap']
  readonly timeZone: string
  /** Server time of a picture that stands still; undefined while it is live. */
  readonly frozenAt: number | undefined
}

/** Lower half of the matrix: overdue share of each stage now and at the last full hours, newest on top. */
export function HeatMap({ stages, heatmap, timeZone, frozenAt }: HeatMapProps) {
  const { t } = useText()
  const now = frozenAt === undefined ? t('matrix.now') : timeOfDay(frozenAt, timeZone)
  return (
    <>
      <div role="row" className="matrix__row">
        <span role="rowheader" className="matrix__label heat__label heat__label--now">
          {now}
        </span>
        {stages.map(({ code, column }) => (
          <Cell key={code} look={heatLook(column, column.toleranceRatio)} late={column.lateSource !== undefined} />
        ))}
      </div>
      {heatmap.marks.slice(0, mostMarks).map((mark, index) => (
        <div key={mark} role="row" className="matrix__row">
          <span role="rowheader" className="matrix__label heat__label">
            {timeOfDay(mark, timeZone)}
          </span>
          {stages.map(({ code, column }) => (
            <Cell key={code} look={heatLook(heatmap.cells[code]?.[index], column.toleranceRatio)} late={false} />
          ))}
        </div>
      ))}
    </>
  )
}

function Cell({ look, late }: { readonly look: HeatLook; readonly late: boolean }) {
  const { t } = useText()
  if (look.kind === 'missing') return <span role="cell" className="heat heat-missing" aria-label={t('matrix.noData')} />
  return (
    <span role="cell" className={late ? `heat heat-${look.heat} heat--late` : `heat heat-${look.heat}`}>
      {look.text}
    </span>
  )
}
