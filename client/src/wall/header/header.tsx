import type { Board } from '@stagewatch/shared/contract/board.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { calendarDate, timeOfDay } from '../../format/clock-time.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import type { Recovery } from '../recovery.ts'
import type { SceneTurn } from '../use-rotation.ts'
import { ClockNote } from './clock-note.tsx'
import { FreshnessChip } from './freshness-chip.tsx'
import './header.css'
import { RecordingTag } from './recording-tag.tsx'
import { SceneTicks } from './scene-ticks.tsx'

interface HeaderProps {
  readonly board: Board | undefined
  readonly recovery: Recovery | undefined
  readonly turn: SceneTurn
}

/** Who is speaking, how old the picture is, and what time it is there. */
export function Header({ board, recovery, turn }: HeaderProps) {
  const { t, language, nameOf } = useText()
  const { serverNow } = useShownTime()
  const { customers, people } = board?.privacy ?? openPrivacy
  const recording = board?.recording
  const isAndon = turn.scene === 'andon'
  return (
    <header className="header">
      <svg className="header__mark" viewBox="0 0 34 34" aria-hidden>
        <rect x="0" y="20" width="8" height="14" rx="2" />
        <rect x="13" y="0" width="8" height="34" rx="2" />
        <rect x="26" y="12" width="8" height="22" rx="2" />
      </svg>
      <h1 className="header__title">{turn.scene === 'overview' ? t('product') : t(`scene.${turn.scene}`)}</h1>
      {board && (
        <p className="header__scope ellipsis" data-may-truncate>
          {nameOf(board.site.name)} · {board.departments && `${board.departments.join(t('listComma'))} · `}
          {isAndon ? t('andon.scope') : nameOf(board.process.name)}
        </p>
      )}
      {board?.site.sample && <span className="header__tag header__tag--sample">{t('sample')}</span>}
      {(customers === 'masked' || people === 'team') && <span className="header__tag">{t('scene.masked')}</span>}
      {board && recording ? (
        <RecordingTag recording={recording} asOf={board.asOf} timeZone={board.site.timeZone} />
      ) : (
        <>
          <ClockNote serverNow={serverNow} />
          <FreshnessChip recovery={recovery} />
        </>
      )}
      {board && <SceneTicks turn={turn} />}
      {board && serverNow !== undefined && (
        <>
          <span className="header__date">{calendarDate(serverNow, board.site.timeZone, language)}</span>
          <time className="header__clock">{timeOfDay(serverNow, board.site.timeZone)}</time>
        </>
      )}
    </header>
  )
}
