import { productName } from '../../components/logo.tsx'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import { calendarDate, fullDate, timeOfDay } from '../../format/clock-time.ts'
import { useBoard } from '../../live/live-context.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { deviceClockOffMs, ClockNote } from './clock-note.tsx'
import { oldData } from '@stagewatch/shared/domain/old-data.ts'
import type { Recovery } from '../recovery.ts'
import { useTranslated } from '../shown-names.ts'
import type { SceneTurn } from '../use-rotation.ts'
import { FreshnessChip } from './freshness-chip.tsx'
import './header.css'
import { RecordingTag } from './recording-tag.tsx'
import { SceneTicks } from './scene-ticks.tsx'

const keys = ['site', 'process', 'departments', 'privacy', 'recording', 'lastMovedOn'] as const

interface HeaderProps {
  readonly recovery: Recovery | undefined
  readonly turn: SceneTurn
}

/** Name of the site, age of the picture and local time of the site. */
export function Header({ recovery, turn }: HeaderProps) {
  const board = useBoard(keys)
  const { t, language, nameOf } = useText()
  const translated = useTranslated()
  const { serverNow, freshness } = useShownTime()
  const { customers, people } = board?.privacy ?? openPrivacy
  const recording = board?.recording
  const old = board && serverNow !== undefined ? oldData(board, serverNow) : undefined
  const isAndon = turn.scene === 'andon'
  const classes = [
    'header',
    recording !== undefined && 'header--recording',
    old !== undefined && 'header--old',
    recording === undefined && deviceClockOffMs(serverNow) !== undefined && 'header--noted',
    (turn.hold !== undefined || (recovery !== undefined && freshness === 'live')) && 'header--said',
  ]
  return (
    <header className={classes.filter(Boolean).join(' ')}>
      <svg className="header__mark" viewBox="0 0 34 34" aria-hidden>
        <rect x="0" y="20" width="8" height="14" rx="2" />
        <rect x="13" y="0" width="8" height="34" rx="2" />
        <rect x="26" y="12" width="8" height="22" rx="2" />
      </svg>
      <h1 className="header__title">{turn.scene === 'stageFocus' ? t('scene.stageFocus') : productName}</h1>
      {board && (
        <p className="header__scope ellipsis" data-may-truncate>
          <bdi>{nameOf(board.site.name)}</bdi> ·{' '}
          {board.departments && `${[...new Set(board.departments.map(translated))].join(t('listComma'))} · `}
          {isAndon ? t('andon.scope') : <bdi>{nameOf(board.process.name)}</bdi>}
        </p>
      )}
      {board?.site.sample && <span className="header__tag header__tag--sample">{t('sample')}</span>}
      {board && old && (
        <strong className="header__tag header__tag--old">
          {t('oldData.tag', { date: fullDate(old.endsOn, board.site.timeZone, language) })}
        </strong>
      )}
      {(customers === 'masked' || people === 'team') && <span className="header__tag">{t('scene.masked')}</span>}
      {board && recording ? (
        <RecordingTag recording={recording} timeZone={board.site.timeZone} />
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
