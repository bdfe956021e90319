import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useState } from 'react'
import { timeOfDay } from '../format/clock-time.ts'
import { useText } from '../locales/use-text.ts'
import { StatusGlyph } from '../components/status-glyph.tsx'
import './newest-breach.css'
import { ListRow, rowStageWidth } from './list-row.tsx'
import { stageNames } from './shown-names.ts'

/** Only a breach within this time is animated; a page that opens later shows it without motion. */
const attentionWithinMs = 10_000

interface NewestBreachProps {
  readonly newest: Board['newestBreach']
  readonly board: Pick<Board, 'site' | 'stages' | 'stageOrder'>
  readonly lost: boolean
  readonly now: number
}

/** Footer of a list: the order that most recently turned overdue. */
export function NewestBreach({ newest, board, lost, now }: NewestBreachProps) {
  const { t } = useText()
  const { timeZone } = board.site
  return (
    <div className="newest">
      <p className="newest__head">
        {t('list.justNow')}
        {newest && !lost && <span>{timeOfDay(newest.at, timeZone)}</span>}
      </p>
      {lost ? (
        <p className="newest__unknown">
          <StatusGlyph state="unknown" />
          {t('list.unknownSince', { time: timeOfDay(now, timeZone) })}
        </p>
      ) : (
        newest && <Breach key={`${newest.at} ${newest.row.order}`} newest={newest} board={board} now={now} />
      )}
    </div>
  )
}

function Breach({
  newest,
  board,
  now,
}: Omit<NewestBreachProps, 'lost'> & { newest: NonNullable<Board['newestBreach']> }) {
  const { t, language } = useText()
  const [isFresh] = useState(() => now - newest.at < attentionWithinMs)
  const stage = stageNames(board, language, rowStageWidth).get(newest.row.stage) ?? newest.row.stage
  return (
    <ol className={isFresh ? 'newest__row newest__row--fresh' : 'newest__row'}>
      {newest.count > 1 ? (
        <li className="row row--several">
          <StatusGlyph state="overdue" label={t('state.overdue')} />
          <span className="ellipsis" data-may-truncate>
            {t('list.several', { stage, value: newest.count })}
          </span>
        </li>
      ) : (
        <ListRow row={newest.row} stage={stage} kind="overdue" now={now} />
      )}
    </ol>
  )
}
