import { clsx } from 'clsx'
import { useHealth } from '../../api/health.ts'
import { useLiveFreshness, useLiveUpdates } from '../../api/use-live-query.ts'
import { stopwatch } from '../../format/duration.ts'
import { useText } from '../../locales/use-text.ts'
import { StatusGlyph } from '../status-glyph.tsx'
import styles from './live-chip.module.css'

const secondMs = 1_000

/** Live, late, disconnected or paused; the state is never conveyed by colour alone. */
export function LiveChip() {
  const { t } = useText()
  const { isPaused, setPaused } = useLiveUpdates()
  const { freshness, ageMs, isCut, reducedMs } = useLiveFreshness()
  const health = useHealth()
  if (isPaused) {
    return (
      <button
        type="button"
        className={clsx(styles['chip'], styles['late'], styles['paused'])}
        title={t('desk.live.resume')}
        onClick={() => setPaused(false)}
      >
        {t('desk.live.paused')}
      </button>
    )
  }
  const isDatabaseAway = health === 'databaseAway'
  const isLive = freshness === 'live' && !isCut && !isDatabaseAway
  if (freshness === 'none' && !isDatabaseAway) {
    return <span className={styles['chip']}>{t('desk.live.connecting')}</span>
  }
  if (isLive && reducedMs === undefined) {
    return (
      <span className={styles['chip']}>
        <span className={styles['dot']} aria-hidden />
        {t('desk.live.now', { count: Math.round(ageMs / secondMs) })}
      </span>
    )
  }
  return (
    <span className={clsx(styles['chip'], styles['late'])} title={isLive ? t('desk.live.reducedWhy') : undefined}>
      <StatusGlyph state="atRisk" />
      {isLive
        ? t('desk.live.reduced', { seconds: (reducedMs ?? 0) / secondMs })
        : isDatabaseAway
          ? t('desk.databaseAway')
          : t(freshness === 'lost' || isCut ? 'desk.live.lost' : 'desk.live.late', { value: stopwatch(ageMs) })}
    </span>
  )
}
