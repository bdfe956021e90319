import { timeOfDay, timeWithSeconds } from '../../format/clock-time.ts'
import { useScreenSettings } from '../../live/screen-settings.ts'
import { useConnection, useShownTime, useTick } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { Icon } from '../../theme/icon.tsx'
import { cutLength } from './cut-length.ts'
import './cut-bar.css'

const swapEveryMs = 600_000

/** Over everything else: the line is cut, since when, and that nobody may decide by what is below. */
export function CutBar({ timeZone }: { readonly timeZone: string }) {
  const { t } = useText()
  const { serverNow = 0, shownNow = 0, ageMs = 0 } = useShownTime()
  const { contact } = useScreenSettings()
  const { attempts, retryAt } = useConnection()
  const now = useTick()
  const waitMs = retryAt === undefined ? undefined : retryAt - now
  const length = cutLength(ageMs)
  // A bright block that stands for hours burns in.
  const atFoot = Math.floor(ageMs / swapEveryMs) % 2 === 1
  return (
    <header className={atFoot ? 'cut-bar cut-bar--foot' : 'cut-bar'} role="alert">
      <Icon name="cut" />
      <strong className="cut-bar__title">{t(`cut.${length.unit}`, length)}</strong>
      <p className="cut-bar__advice">
        {t('cut.frozen', { time: timeWithSeconds(shownNow, timeZone) })}
        <br />
        {t('cut.advice')}
      </p>
      <div className="cut-bar__side">
        <p className="cut-bar__retry">
          {waitMs === undefined || waitMs <= 0
            ? t('cut.trying', { attempt: attempts })
            : t('cut.retry', { attempt: attempts + 1, seconds: Math.ceil(waitMs / 1000) })}
        </p>
        {contact !== undefined && (
          <p className="ellipsis" data-may-truncate>
            {contact}
          </p>
        )}
      </div>
      <time className="cut-bar__clock">{timeOfDay(serverNow, timeZone)}</time>
    </header>
  )
}
