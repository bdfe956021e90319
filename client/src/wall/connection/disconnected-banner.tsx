import { timeOfDay, timeWithSeconds } from '../../format/clock-time.ts'
import { useScreenSettings } from '../../live/live-context.ts'
import { outageOf } from '../../live/connection-state.ts'
import { useConnection, useShownTime, useTick } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import './disconnected-banner.css'
import { clockParts } from '../../format/duration.ts'

const swapEveryMs = 600_000

const databaseTitles = {
  hours: 'cut.databaseHours',
  minutes: 'cut.databaseMinutes',
  seconds: 'cut.databaseSeconds',
} as const

/**
 * Overlays everything: which link is down (of the wall, or of the server to its database), since when, and that the
 * numbers must not be used for decisions.
 */
export function DisconnectedBanner({ timeZone }: { readonly timeZone: string }) {
  const { t } = useText()
  const { serverNow = 0, shownNow = 0, ageMs = 0, lostLink } = useShownTime()
  const { contact } = useScreenSettings()
  const { link } = useConnection()
  const { attempts, noWebSocket } = outageOf(link)
  const now = useTick()
  const waitMs = link.status === 'waiting' ? link.retryAt - now : undefined
  const length = outageDuration(ageMs)
  const time = timeWithSeconds(shownNow, timeZone)
  const isDatabase = lostLink === 'database'
  // A bright block that stays in one place for hours burns in.
  const atFoot = Math.floor(ageMs / swapEveryMs) % 2 === 1
  return (
    <header className={atFoot ? 'disconnected-banner disconnected-banner--foot' : 'disconnected-banner'} role="alert">
      <Icon name="cut" />
      <strong className="disconnected-banner__title">
        {t(isDatabase ? databaseTitles[length.unit] : `cut.${length.unit}`, length)}
      </strong>
      <p className="disconnected-banner__advice">
        {t(isDatabase ? 'cut.asOf' : 'cut.frozen', { time })}
        <br />
        {t(noWebSocket === true ? 'cut.noWebSocket' : 'cut.advice')}
      </p>
      <div className="disconnected-banner__side">
        <p className="disconnected-banner__retry">{retryText()}</p>
        {contact !== undefined && (
          <p className="ellipsis" data-may-truncate>
            {contact}
          </p>
        )}
      </div>
      <time className="disconnected-banner__clock">{timeOfDay(serverNow, timeZone)}</time>
    </header>
  )

  function retryText(): string {
    if (isDatabase) return t('cut.databaseUnreachable')
    if (waitMs === undefined || waitMs <= 0) return t('cut.trying', { attempt: attempts })
    return t('cut.retry', { attempt: attempts + 1, seconds: Math.ceil(waitMs / 1000) })
  }
}

type OutageDuration = { readonly unit: 'hours' | 'minutes' | 'seconds' } & ReturnType<typeof clockParts>

/** Duration of an outage, with its largest non-zero unit. */
export function outageDuration(ageMs: number): OutageDuration {
  const parts = clockParts(ageMs)
  if (parts.hours > 0) return { unit: 'hours', ...parts }
  return { unit: parts.minutes > 0 ? 'minutes' : 'seconds', ...parts }
}
