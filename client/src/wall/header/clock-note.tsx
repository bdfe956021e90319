import { useConnection } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Icon } from '../../components/icon.tsx'
import { useSpan } from '../time-texts.ts'

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

const toleratedMs = 30_000

/**
 * How far the device's clock is ahead of the server's, ms; negative if it is behind. Undefined if the difference is
 * small.
 */
export function clockOffMs(deviceNow: number, serverNow: number | undefined): number | undefined {
  if (serverNow === undefined) return undefined
  const off = deviceNow - serverNow
  return Math.abs(off) > toleratedMs ? off : undefined
}

export function deviceClockOffMs(serverNow: number | undefined): number | undefined {
  return clockOffMs(Date.now(), serverNow)
}
