import type { Board } from '@stagewatch/shared/contract/board.ts'
import { timeOfDay } from '../../../format/clock-time.ts'
import { useText } from '../../../locales/use-text.ts'
import { heatLook } from '../../heat-cell.ts'
import { HeatChart, type HeatRow } from '../../heat-chart.tsx'
import { useHourLabel } from '../../time-texts.ts'
import type { NamedStage } from './stage-strip.tsx'

const maxMarks = 6
/** Grid row of the first heat row, as in stage-matrix.css. */
const firstRow = 8

interface Row extends HeatRow {
  readonly key: string
}

interface HeatMapProps {
  readonly stages: readonly NamedStage[]
  readonly heatmap: Board['heatmap']
  readonly timeZone: string
  /** Server time of a frozen picture. Undefined while it is live. */
  readonly frozenAt: number | undefined
}

/** Lower half of the matrix: overdue share of each stage now and at the last full hours, newest first. */
export function HeatMap({ stages, heatmap, timeZone, frozenAt }: HeatMapProps) {
  const { t, language } = useText()
  const hourLabel = useHourLabel(timeZone)
  const now: Row = {
    key: 'now',
    label: frozenAt === undefined ? t('matrix.now') : timeOfDay(frozenAt, timeZone),
    cells: stages.map(({ column }) => heatLook(column, column, language)),
    late: new Set(stages.flatMap(({ column }, index) => (column.lateSource === undefined ? [] : index))),
  }
  const hours = heatmap.marks.slice(0, maxMarks).map((mark, index): Row => ({
    key: String(mark),
    label: hourLabel(mark),
    cells: stages.map(({ code, column }) => heatLook(heatmap.cells[code]?.[index], column, language)),
  }))
  const rows = [now, ...hours]
  return (
    <>
      {rows.map(({ key, label }, index) => (
        <span
          key={key}
          className={index === 0 ? 'matrix__label heat__label heat__label--now' : 'matrix__label heat__label'}
          style={{ gridRow: firstRow + index }}
          aria-hidden
        >
          {label}
        </span>
      ))}
      <HeatChart
        className="matrix__heat"
        caption={t('matrix.share')}
        columns={stages.map(({ name }) => name)}
        rows={rows}
        rowCount={maxMarks + 1}
      />
    </>
  )
}
