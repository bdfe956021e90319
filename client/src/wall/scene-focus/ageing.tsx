import type { Board } from '@stagewatch/shared/contract/board.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { StatusGlyph } from '../../theme/status-glyph.tsx'
import { AgeingAxis } from './ageing-axis.tsx'
import { AgeingBin } from './ageing-bin.tsx'
import { ageingBins } from './ageing-bins.ts'
import './ageing.css'
import { stageRows } from './stage-rows.ts'

const states = ['atRisk', 'overdue', 'stalled', 'onHold', 'unknown'] as const

/** Every order that is at risk or overdue as one mark, by how far it is from its limit. */
export function Ageing({ board, stage }: { readonly board: Board; readonly stage: string }) {
  const { t } = useText()
  const { shownNow = board.asOf } = useShownTime()
  const column = board.stages[stage]
  const { overdue, upcoming } = stageRows(board, stage)
  const rows = [...upcoming, ...overdue]
  const plot = ageingBins(rows, shownNow)
  const total = (column?.overdue ?? 0) + (column?.atRisk ?? 0)
  const note = rows.length < total ? t('focus.ageingPart', { shown: rows.length, total }) : t('focus.ageingNote')
  return (
    <section className="panel ageing">
      <div className="focus-title">
        <h2 className="panel-title">{t('focus.ageing')}</h2>
        <span className="panel-note ellipsis" data-may-truncate>
          {note}
        </span>
        <span className="ageing__legend">
          {states.map((state) => {
            const count = rows.filter((row) => row.state === state).length
            return count === 0 ? null : (
              <span key={state} className="ageing__key">
                <StatusGlyph state={state} />
                {t(`state.${state}`)} {count}
              </span>
            )
          })}
        </span>
      </div>
      {rows.length === 0 ? (
        <p className="ageing__none">
          <StatusGlyph state="onTrack" />
          {t('focus.noneNear')}
        </p>
      ) : (
        <div className="ageing__plot" style={{ gridTemplateColumns: `repeat(${plot.bins.length}, minmax(0, 1fr))` }}>
          <div className="ageing__over" style={{ gridColumn: `${plot.limitAt + 1} / -1` }} />
          {plot.bins.map((bin, index) => (
            <AgeingBin key={bin.fromMs} rows={bin.rows} column={index + 1} />
          ))}
          <AgeingAxis plot={plot} limitMs={column?.targetMs} />
        </div>
      )}
    </section>
  )
}
