import { LineChart } from 'echarts/charts'
import { use } from 'echarts/core'
import type { StageState } from '@stagewatch/shared/domain/stage-state.ts'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { Chart, type ChartTable } from '../../components/chart/chart.tsx'
import { useChartColours } from '../../components/chart/chart-colours.ts'
import { StatusGlyph } from '../../components/status-glyph.tsx'
import { useSpan } from '../time-texts.ts'
import { useWallLayout } from '../use-wall-layout.ts'
import { AgeingAxis } from './ageing-axis.tsx'
import { ageingOption } from './ageing-option.ts'
import './ageing.css'
import { shownFocus } from './shown-focus.ts'

use([LineChart])

/** In the order of the legend, from normal states on the left to urgent ones on the right. */
const states = ['onTrack', 'atRisk', 'overdue', 'stalled', 'onHold', 'unknown'] as const
const colourNames = {
  onTrack: 'ok',
  atRisk: 'risk',
  overdue: 'overdue',
  stalled: 'stalled',
  onHold: 'hold',
  unknown: 'text-2',
} as const satisfies Record<StageState, string>
/** States whose colour calls for action; an outdated picture does not use these colours, as in wall.css. */
const callingStates: ReadonlySet<StageState> = new Set(['atRisk', 'overdue', 'stalled', 'onHold'])

interface AgeingProps {
  readonly board: Pick<Board, 'stages' | 'focus' | 'overdue' | 'upcoming'>
  readonly stage: string
}

/** One mark per open order of the stage, by its distance to the limit. */
export function Ageing({ board, stage }: AgeingProps) {
  const { t, language } = useText()
  const span = useSpan()
  const { unitPx: unit } = useWallLayout()
  const colours = useChartColours()
  const { freshness, shownNow = 0 } = useShownTime()
  const column = board.stages[stage]
  const { ageing, isPart } = shownFocus(board, stage, shownNow)
  const counts = states.map((state) => ({
    state,
    count: ageing.bins.reduce((sum, bin) => sum + (bin[state] ?? 0), 0),
  }))
  const shown = counts.reduce((sum, { count }) => sum + count, 0)
  const { leftOut = 0 } = ageing
  const text = (count: number) => formatCount(count, language)
  const note = isPart
    ? t('focus.ageingPart', { shown: text(shown), total: text((column?.overdue ?? 0) + (column?.atRisk ?? 0)) })
    : leftOut > 0
      ? t('focus.ageingLeftOut', { value: text(leftOut) })
      : t('focus.ageingNote')
  const colourOf = (state: StageState) =>
    colours(freshness === 'lost' && callingStates.has(state) ? 'lost-mark' : colourNames[state])
  const named = counts.filter(({ count }) => count > 0)
  const table: ChartTable = {
    caption: t('focus.ageing'),
    columns: named.map(({ state }) => t(`state.${state}`)),
    rows: ageing.bins.flatMap((bin, index) => {
      const cells = named.map(({ state }) => text(bin[state] ?? 0))
      const fromLimitMs = (index - ageing.limitAt) * ageing.stepMs
      const label = `${fromLimitMs < 0 ? '−' : '+'}${span(Math.abs(fromLimitMs))}`
      return Object.keys(bin).length === 0 ? [] : { label, cells }
    }),
  }
  return (
    <section className="panel ageing">
      <div className="focus-title">
        <h2 className="panel-title">{t('focus.ageing')}</h2>
        <span className="panel-note ellipsis" data-may-truncate>
          {note}
        </span>
        <span className="ageing__legend">
          {counts.map(({ state, count }) =>
            count === 0 ? null : (
              <span key={state} className="ageing__key">
                <StatusGlyph state={state} />
                {t(`state.${state}`)} {text(count)}
              </span>
            ),
          )}
        </span>
      </div>
      {shown === 0 ? (
        <p className="ageing__none">
          <StatusGlyph state="onTrack" />
          {t('focus.noneNear')}
        </p>
      ) : (
        <div className="ageing__plot">
          <Chart
            className="ageing__marks"
            isCalm
            option={ageingOption(ageing, { unit, colours, colourOf, formatCount: text })}
            table={table}
          />
          <AgeingAxis plot={ageing} limitMs={column?.targetMs} />
        </div>
      )}
    </section>
  )
}
