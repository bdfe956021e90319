import type { Board } from '@stagewatch/shared/contract/board.ts'
import { LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { Chart } from '../../../components/chart/chart.tsx'
import { useChartColours } from '../../../components/chart/chart-colours.ts'
import { useText } from '../../../locales/use-text.ts'
import { useWallLayout } from '../../use-wall-layout.ts'
import { sparklineOption, sparklineTable } from './sparkline-option.ts'

use([LineChart])

/** Must match kpi-band.css, where the line is taller on ultra-wide walls. */
const enlargedOnUltra = 100 / 80

interface SparklineProps {
  readonly trend: Board['trend']
  /** The current count is above the ceiling. */
  readonly alarm: boolean
}

export function Sparkline({ trend, alarm }: SparklineProps) {
  const { t } = useText()
  const { kind, unitPx } = useWallLayout()
  const colours = useChartColours()
  const option = sparklineOption(trend, {
    unit: kind === 'ultra' ? unitPx * enlargedOnUltra : unitPx,
    today: colours('text'),
    previousDay: colours('data-2'),
    end: colours(alarm ? 'overdue' : 'text'),
  })
  const table = sparklineTable(trend, {
    caption: t('kpi.trend'),
    today: t('kpi.trendToday'),
    previousDay: t('kpi.trendPreviousDay'),
  })
  return <Chart option={option} table={table} className="sparkline" isCalm />
}
