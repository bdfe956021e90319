import { stopwatch } from '../../format/duration.ts'
import { useConnection, useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import type { Recovery } from '../recovery.ts'

/** Age of the picture; for half a minute after an outage, what was missed. */
export function FreshnessChip({ recovery }: { readonly recovery: Recovery | undefined }) {
  const { t } = useText()
  const { freshness, ageMs = 0 } = useShownTime()
  const { restored = false, reducedMs } = useConnection()
  const isLive = freshness === 'live'
  if (freshness === 'late' || (isLive && reducedMs !== undefined)) {
    return (
      <span className="freshness freshness--late" role="status">
        <Icon name="clock" />
        {isLive
          ? t('freshness.reduced', { seconds: Number(reducedMs) / 1000 })
          : t('freshness.late', { time: stopwatch(ageMs) })}
      </span>
    )
  }
  if (isLive && recovery !== undefined) {
    return (
      <span className="freshness freshness--recovered" role="status">
        <span className="freshness__dot" />
        {recovery.kind === 'new'
          ? t('freshness.recoveredNew', { value: recovery.count })
          : t('freshness.recoveredChange', { before: recovery.before, after: recovery.after })}
      </span>
    )
  }
  return (
    <span className="freshness">
      <span className="freshness__dot" />
      {freshness === 'none'
        ? t('freshness.none')
        : t(restored ? 'freshness.restored' : 'freshness.live', { seconds: Math.floor(ageMs / 1000) })}
    </span>
  )
}
