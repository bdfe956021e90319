import type { OverviewAnswer } from '@stagewatch/shared/contract/overview.ts'
import { BarChart, LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { memo, useState } from 'react'
import card from '../../components/card.module.css'
import { ScrollArea } from '../../components/scroll-area.tsx'
import { Chart } from '../../components/chart/chart.tsx'
import { useChartColours } from '../../components/chart/chart-colours.ts'
import { formatCount, formatNet, missing } from '../../format/quantity.ts'
import { dateIn } from '../../format/time-zone.ts'
import styles from './panels.module.css'
import { TableButton } from '../../components/chart/table-button.tsx'
import { trendOption } from './trend-option.ts'
import { useOverviewText } from './use-overview-text.ts'

use([LineChart, BarChart])

interface TrendProps {
  readonly overview: OverviewAnswer
  readonly timeZone: string
}

/** The trend of overdue orders, and whether more orders arrived than left. */
export const Trend = memo(function Trend({ overview, timeZone }: TrendProps) {
  const { t, language, shortDay } = useOverviewText()
  const colours = useChartColours()
  const [isTable, setTable] = useState(false)
  const { days, overdue, asOf } = overview
  const lastDay = days.at(-1)
  const endsToday = lastDay !== undefined && dateIn(lastDay.at, timeZone) === dateIn(asOf, timeZone)
  const nameOfDay = (at: number): string =>
    endsToday && at === lastDay.at ? t('overview.today') : shortDay(at, timeZone)
  const count = (value: number | undefined): string => (value === undefined ? missing : formatCount(value, language))
  const net = lastDay === undefined ? 0 : lastDay.arrived - lastDay.departed
  const option = trendOption(
    { days, ceiling: overdue.ceiling, endsToday },
    {
      overdue: t('overview.overdueEnd', { value: count(lastDay?.overdue ?? 0) }),
      ceiling: overdue.ceiling === undefined ? undefined : t('overview.ceiling', { value: count(overdue.ceiling) }),
      scale: count,
      days: days.map(({ at }) => nameOfDay(at)),
      today: formatNet(net, language),
    },
    colours,
  )
  const columns = ['overdue', 'stalled', 'atRisk', 'open', 'arrived', 'departed'] as const
  return (
    <section className={card['card']} aria-labelledby="trend">
      <div className={styles['head']}>
        <h2 id="trend">{t('overview.trend')}</h2>
        <TableButton isTable={isTable} onToggle={setTable} />
      </div>
      {isTable ? (
        <ScrollArea label={t('overview.trend')} className={styles['tableScroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col">{t('overview.day')}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {t(`overview.column.${column}`)}
                  </th>
                ))}
                <th scope="col">{t('overview.column.net')}</th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map((day) => (
                <tr key={day.at}>
                  <th scope="row">{nameOfDay(day.at)}</th>
                  {columns.map((column) => (
                    <td key={column}>{count(day[column])}</td>
                  ))}
                  <td>{formatNet(day.arrived - day.departed, language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      ) : (
        <>
          <Chart
            option={option}
            className={styles['trend'] ?? ''}
            table={{
              caption: t('overview.trend'),
              columns: [t('overview.column.overdue'), t('overview.column.net')],
              rows: days.map((day) => ({
                label: nameOfDay(day.at),
                cells: [count(day.overdue), formatNet(day.arrived - day.departed, language)],
              })),
            }}
          />
          <p className={styles['legend']}>
            {t('overview.netLegend')}
            {endsToday && ` · ${t('overview.todayRunning')}`}
          </p>
        </>
      )}
    </section>
  )
})
