import { useConnection } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import { deviceClockOffMs } from '../clock-off.ts'
import { useSpan } from '../use-span.ts'

const minuteMs = 60_000

/**
 * Tells the maintainer of the wall, which shows the server's time, that the server's clock was adjusted, or that it
 * differs from the device's. It cannot tell which of the two clocks is wrong.
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
