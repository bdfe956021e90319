import type { Screen } from '@stagewatch/shared/contract/screen.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { useAgo } from '../format/use-ago.ts'

interface ScreenStateProps {
  readonly screen: Screen
  /** Epoch ms. */
  readonly asOf: number
}

export function ScreenState({ screen, asOf }: ScreenStateProps) {
  const { t } = useText()
  const ago = useAgo()
  const { online, lastSeenAt } = screen
  if (online) {
    return (
      <span className="badge badge--state">
        <StatusGlyph state="onTrack" />
        {t('desk.screen.online')}
      </span>
    )
  }
  return (
    <span className="badge badge--state badge--overdue">
      <StatusGlyph state="overdue" />
      {lastSeenAt === undefined
        ? t('desk.screen.neverSeen')
        : t('desk.screen.offline', { time: ago(lastSeenAt, asOf) })}
    </span>
  )
}
