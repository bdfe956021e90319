import { useText } from '../../text/use-text.ts'
import { Icon } from '../../theme/icon.tsx'
import { deviceClockOffMs } from '../clock-off.ts'
import { useSpan } from '../use-span.ts'

/** The device's own clock is wrong: the wall shows the server's, and says so quietly for whoever looks after it. */
export function ClockNote({ serverNow }: { readonly serverNow: number | undefined }) {
  const { t } = useText()
  const span = useSpan()
  const off = deviceClockOffMs(serverNow)
  if (off === undefined) return null
  const duration = span(Math.max(60_000, Math.abs(off)))
  return (
    <span className="header__note">
      <Icon name="clock" />
      {t(off > 0 ? 'scene.clockFast' : 'scene.clockSlow', { duration })}
      <span className="header__note-more">{t('scene.serverTime')}</span>
    </span>
  )
}
