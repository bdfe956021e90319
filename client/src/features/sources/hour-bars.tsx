import type { SourceView } from '@stagewatch/shared/contract/sources.ts'
import { formatCount } from '../../format/quantity.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './sources.module.css'

const hoursPerBar = 4
const width = 126
const height = 28

/** One bar per four hours of the last week; a gap means that no events arrived. */
export function HourBars({ source: { hourly, lastWeek } }: { readonly source: SourceView }) {
  const { t, language } = useText()
  const bars = Array.from({ length: Math.ceil(hourly.length / hoursPerBar) }, (_, bar) =>
    hourly.slice(bar * hoursPerBar, (bar + 1) * hoursPerBar).reduce((sum, count) => sum + count, 0),
  )
  const most = Math.max(1, ...bars)
  const step = width / bars.length
  const path = bars
    .map((count, bar) => {
      // A minimum height keeps every non-zero bar visible.
      const tall = count === 0 ? 0 : Math.max(2, (count / most) * height)
      return tall === 0 ? '' : `M${bar * step} ${height}v${-tall}h${step - 1}v${tall}z`
    })
    .join('')
  return (
    <>
      <svg className={styles['bars']} viewBox={`0 0 ${width} ${height}`} aria-hidden>
        <path d={path} />
      </svg>
      <div className="hidden-text" data-may-truncate>
        {t('sources.weekCount', { shown: formatCount(lastWeek.accepted, language) })}
      </div>
    </>
  )
}
