import type { FlowAnswer } from '@stagewatch/shared/contract/analysis.ts'
import { clsx } from 'clsx'
import { BarChart, LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import { Chart } from '../../../components/chart/chart.tsx'
import { useChartColours } from '../../../components/chart/chart-colours.ts'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { calendarDate, shortDate, timeOfDay } from '../../../format/clock-time.ts'
import { dateIn } from '../../../format/time-zone.ts'
import { formatNet, missing } from '../../../format/quantity.ts'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { useAnalysisText } from '../use-analysis-text.ts'
import { bandsOption, stageOption } from './flow-option.ts'
import type { FlowSearch } from '../analysis-search.ts'

use([BarChart, LineChart])

interface FlowChartProps {
  readonly answer: FlowAnswer
  readonly search: FlowSearch
  readonly isHourly: boolean
  readonly isTable: boolean
}

/** One band per stage, or arrivals and departures of a single stage; also available as a table. */
export function FlowChart({ answer, search, isHourly, isTable }: FlowChartProps) {
  const { t, language, nameOf, count } = useAnalysisText()
  const { timeZone } = useAnalysisScope()
  const colours = useChartColours()
  const { columns, stages } = answer
  const day = (at: number): string => shortDate(at, timeZone, language)
  const short = columns.map((at) => (isHourly ? `${day(at)} ${timeOfDay(at, timeZone)}` : day(at)))
  const long = columns.map((at) => {
    const date = calendarDate(at, timeZone, language)
    return isHourly ? `${date} ${timeOfDay(at, timeZone)}` : date
  })
  const lastAt = columns.at(-1)
  const endsToday = lastAt !== undefined && dateIn(lastAt, timeZone) === dateIn(answer.asOf, timeZone)
  const texts = { columns: short, count, nameOf: (stage: (typeof stages)[number]) => nameOf(stage.name) }
  const chosen = stages.find(
    ({ stage, process }) => stage === search.stage && (search.of === undefined || process === search.of),
  )
  const titles =
    chosen === undefined
      ? stages.map(({ name }) => nameOf(name))
      : [t('analysis.flow.arrived'), t('analysis.flow.departed'), t('analysis.flow.net'), t('analysis.flow.open')]
  const cellsAt = (place: number): string[] => {
    if (chosen === undefined) return stages.map(({ open }) => textOf(open[place]))
    const [arrived = 0, departed = 0] = [chosen.arrived[place], chosen.departed[place]]
    return [count(arrived), count(departed), formatNet(arrived - departed, language), textOf(chosen.open[place])]
  }
  const rows = columns.map((at, place) => ({ at, label: long[place] ?? '', cells: cellsAt(place) }))
  const caption =
    chosen === undefined ? t('analysis.flow.summary') : t('analysis.flow.summaryOf', { name: nameOf(chosen.name) })

  function textOf(value: number | undefined): string {
    return value === undefined ? missing : count(value)
  }

  if (isTable) {
    return (
      <ScrollArea label={caption} className={clsx(styles['scroll'], styles['long'])}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t(isHourly ? 'analysis.flow.hour' : 'analysis.flow.day')}</th>
              {titles.map((title, place) => (
                <th key={`${stages[place]?.process} ${title}`} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.toReversed().map(({ at, label, cells }) => (
              <tr key={at}>
                <th scope="row">{label}</th>
                {titles.map((title, place) => (
                  <td key={`${stages[place]?.process} ${title}`}>{cells[place]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    )
  }
  return (
    <>
      <Chart
        key={chosen === undefined ? 'all' : 'one'}
        option={
          chosen === undefined ? bandsOption(stages, texts, colours) : stageOption(chosen, texts, colours, endsToday)
        }
        className={styles['chart'] ?? ''}
        table={{ caption, columns: titles, rows }}
      />
      <p className={styles['note']}>
        {t(chosen === undefined ? 'analysis.flow.legend' : 'analysis.flow.legendOf')}{' '}
        {t(isHourly ? 'analysis.flow.zoneHour' : 'analysis.flow.zoneDay', { zone: timeZone })}
        {endsToday && ` ${t('analysis.flow.running')}`}
      </p>
    </>
  )
}
