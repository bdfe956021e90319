import { fewVisits, type LagAnswer } from '@stagewatch/shared/contract/analysis.ts'
import type { CSSProperties } from 'react'
import card from '../../../components/card.module.css'
import { ScrollArea } from '../../../components/scroll-area.tsx'
import { formatShort } from '../../../format/quantity.ts'
import { useAnalysisScope } from '../analysis-scope.ts'
import styles from '../analysis.module.css'
import { useAnalysisText } from '../use-analysis-text.ts'
import heat from './lag-hours.module.css'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const levels = 4
const hourNames = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))

/** Heat map table of the median delay by the weekday and hour of the event. */
export function LagHours({ hours }: Pick<LagAnswer, 'hours'>) {
  const { t, language, weekday, count, delay } = useAnalysisText()
  const { timeZone } = useAnalysisScope()
  const most = Math.max(
    levels * minuteMs,
    ...hours.flat().map(({ p50Ms = 0, events }) => (events < fewVisits ? 0 : p50Ms)),
  )
  /** Short enough for a cell: `35`, `2h`. */
  const short = (ms: number): string => {
    if (ms < minuteMs) return `<${formatShort(1, language)}`
    if (ms < hourMs) return formatShort(Math.round(ms / minuteMs), language)
    return `${formatShort(Math.round(ms / hourMs), language)}${t('unit.h')}`
  }
  return (
    <section className={card['card']} aria-labelledby="lag-hours">
      <h2 id="lag-hours" className={card['title']}>
        {t('analysis.lag.hours')}
      </h2>
      <ScrollArea label={t('analysis.lag.hours')} className={styles['scroll']}>
        <table className={heat['table']}>
          <thead>
            <tr>
              <th scope="col">{t('analysis.lag.weekday')}</th>
              {hourNames.map((hour) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {hours.map((cells, place) => {
              const day = weekday(place + 1, 'long')
              return (
                <tr key={day}>
                  <th scope="row">{weekday(place + 1, 'short')}</th>
                  {cells.map(({ events, p50Ms }, hour) => {
                    const name = hourNames[hour] ?? ''
                    if (p50Ms === undefined) {
                      return <td key={name} aria-label={t('analysis.lag.noEvents', { when: `${day} ${name}:00` })} />
                    }
                    const isFew = events < fewVisits
                    const level = isFew ? 0 : Math.min(levels, Math.ceil((p50Ms / most) * levels))
                    return (
                      <td
                        key={name}
                        data-few={isFew || undefined}
                        data-dark={level > 2 || undefined}
                        style={{ '--level': level / levels } as CSSProperties}
                        title={t('analysis.lag.cell', {
                          when: `${day} ${name}:00`,
                          value: delay(p50Ms),
                          events: count(events),
                        })}
                      >
                        {short(p50Ms)}
                      </td>
                    )
                  })}
                </tr>
              )
            })}
          </tbody>
        </table>
      </ScrollArea>
      <p className={styles['note']}>{t('analysis.lag.hoursNote', { zone: timeZone, value: count(fewVisits) })}</p>
    </section>
  )
}
