import type { Board, StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { CSSProperties } from 'react'
import { formatCount, missing } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../locales/use-text.ts'
import { figureSize } from '../figures.tsx'
import '../heat.css'
import { heatLook, isAlarm } from '../heat-cell.ts'
import { stageNames } from '../shown-names.ts'
import { stageParts, useCycle } from '../shown-in-turn.ts'
import { useWallLayout } from '../use-wall-layout.ts'
import { cellGrid } from './cell-grid.ts'

const partShownMs = 12_000
const mostCells = 10
/** Letters per line of a name in a cell. */
const nameWidth = 13

/**
 * Overdue and open orders of every stage. A cell is filled from the stage's tolerance on. More than ten cells are shown
 * in turn.
 */
export function AndonCells({ board }: { readonly board: Pick<Board, 'stages' | 'stageOrder'> }) {
  const { language } = useText()
  const { freshness } = useShownTime()
  const { kind } = useWallLayout()
  const parts = stageParts(board.stageOrder, mostCells)
  const turn = useCycle(partShownMs, freshness !== 'lost' && parts.length > 1)
  const part = parts[turn % parts.length] ?? []
  const names = stageNames(board, language, nameWidth)
  const cells = part.flatMap((code) => {
    const column = board.stages[code]
    return column === undefined ? [] : [{ code, column, name: names.get(code) ?? code }]
  })
  const shown = cells.map(({ name }) => name)
  const grid = cellGrid(shown, Math.max(0, ...cells.map(({ column }) => column.wip)), kind)
  return (
    <section
      key={part[0]}
      className={grid.beside ? 'andon-cells andon-cells--beside' : 'andon-cells'}
      style={asColumns(grid.columns)}
    >
      {cells.map(({ code, column, name }) => (
        <AndonCell key={code} column={column} name={name} />
      ))}
    </section>
  )
}

function AndonCell({ column, name }: { readonly column: StageColumn; readonly name: string }) {
  const { language } = useText()
  const look = heatLook(column, column, language)
  const overdue = look.kind === 'noLimit' ? missing : formatCount(column.overdue, language)
  const heat = look.kind === 'value' && isAlarm(look) ? `heat-${look.heat}` : 'andon-cell--quiet'
  return (
    <div className={`andon-cell ${heat}`}>
      <h3 className="andon-cell__name" dir="auto" data-may-truncate>
        {name}
      </h3>
      <p
        className={column.overdue === 0 ? 'andon-cell__overdue andon-cell__overdue--zero' : 'andon-cell__overdue'}
        data-size={figureSize(overdue)}
      >
        {overdue}
      </p>
      <p className="andon-cell__open">/ {formatCount(column.wip, language)}</p>
    </div>
  )
}

/** React's style type has no custom properties. */
function asColumns(count: number): CSSProperties {
  return { '--columns': count } as CSSProperties
}
