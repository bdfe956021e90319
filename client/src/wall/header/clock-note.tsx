import { useConnection } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import { deviceClockOffMs } from '../clock-off.ts'
import { useSpan } from '../use-span.ts'

const minuteMs = 60_000

/**
 * For whoever looks after the wall, which shows the server's time: that the server's clock was set, or that it differs
 * from the device's. Which of two clocks is wrong nobody can tell from here.
 */
export function ClockNote({ serverNow }: { readonly serverNow: number | undefined }) {
  const { t } = useText()
  const span = useSpan()
  const { serverClockSetByMs } = useConnection()
  const offMs = deviceClockOffMs(serverNow)
  const shownMs = serverClockSetByMs ?? offMs
  if (shownMs === undefined) return null
  const duration = span(Math.max(1, Math.round(Math.abs(shownMs) / minuteMs)) * minuteMs)
  const key = serverClockSetByMs === undefined ? 'clocksDiffer' : shownMs < 0 ? 'serverClockBack' : 'serverClockForward'
  return (
    <span className="header__note">
      <Icon name="clock" />
      {t(`scene.${key}`, { duration })}
      <span className="header__note-more">{t('scene.serverTime')}</span>
    </span>
  )
}
