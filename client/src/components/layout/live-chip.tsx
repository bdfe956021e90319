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
  const isDatabaseAway = useHealth() === 'databaseAway'
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
  if (isDatabaseAway) {
    return (
      <span className={clsx(styles['chip'], styles['late'])}>
        <StatusGlyph state="atRisk" />
        {t('desk.databaseAway')}
      </span>
    )
  }
  if (freshness === 'none') return <span className={styles['chip']}>{t('desk.live.connecting')}</span>
  if (freshness === 'live' && !isCut && reducedMs !== undefined) {
    return (
      <span className={clsx(styles['chip'], styles['late'])} title={t('desk.live.reducedWhy')}>
        <StatusGlyph state="atRisk" />
        {t('desk.live.reduced', { seconds: reducedMs / secondMs })}
      </span>
    )
  }
  if (freshness === 'live' && !isCut) {
    return (
      <span className={styles['chip']}>
        <span className={styles['dot']} aria-hidden />
        {t('desk.live.now', { count: Math.round(ageMs / secondMs) })}
      </span>
    )
  }
  return (
    <span className={clsx(styles['chip'], styles['late'])}>
      <StatusGlyph state="atRisk" />
      {freshness === 'lost' || isCut
        ? t('desk.live.lost', { value: stopwatch(ageMs) })
        : t('desk.live.late', { value: stopwatch(ageMs) })}
    </span>
  )
}
