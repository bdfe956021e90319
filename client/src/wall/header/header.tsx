import type { Board } from '@stagewatch/shared/contract/board.ts'
import { calendarDate, timeOfDay } from '../../format/clock-time.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import type { Recovery } from '../recovery.ts'
import { FreshnessChip } from './freshness-chip.tsx'
import './header.css'

interface HeaderProps {
  readonly board: Board | undefined
  readonly recovery: Recovery | undefined
}

/** Who is speaking, how old the picture is, and what time it is there. */
export function Header({ board, recovery }: HeaderProps) {
  const { t, language, nameOf } = useText()
  const { serverNow } = useShownTime()
  return (
    <header className="header">
      <svg className="header__mark" viewBox="0 0 34 34" aria-hidden>
        <rect x="0" y="20" width="8" height="14" rx="2" />
        <rect x="13" y="0" width="8" height="34" rx="2" />
        <rect x="26" y="12" width="8" height="22" rx="2" />
      </svg>
      <h1 className="header__title">{t('product')}</h1>
      {board && (
        <p className="header__scope ellipsis" data-may-truncate>
          {nameOf(board.site.name)} · {nameOf(board.process.name)}
        </p>
      )}
      {board?.site.sample && <span className="header__sample">{t('sample')}</span>}
      <FreshnessChip recovery={recovery} />
      {board && serverNow !== undefined && (
        <>
          <span className="header__date">{calendarDate(serverNow, board.site.timeZone, language)}</span>
          <time className="header__clock">{timeOfDay(serverNow, board.site.timeZone)}</time>
        </>
      )}
    </header>
  )
}
