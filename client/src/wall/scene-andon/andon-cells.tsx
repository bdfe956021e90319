import type { Board, StageColumn } from '@stagewatch/shared/contract/board.ts'
import type { CSSProperties } from 'react'
import { formatCount } from '../../format/quantity.ts'
import { useShownTime } from '../../live/use-shown-time.ts'
import { useText } from '../../text/use-text.ts'
import { figureSize } from '../figure-size.ts'
import '../heat.css'
import { heatLook, isAlarm } from '../heat-cell.ts'
import { stageParts } from '../stage-parts.ts'
import { useTurn } from '../use-turn.ts'
import { useWallLayout } from '../use-wall-layout.ts'
import { cellGrid } from './cell-grid.ts'

const partShownMs = 12_000
const mostCells = 10

/** Overdue and open of every stage; a cell is filled from the stage's tolerance on. More than ten take turns. */
export function AndonCells({ board }: { readonly board: Board }) {
  const { nameOf } = useText()
  const { freshness } = useShownTime()
  const { kind } = useWallLayout()
  const parts = stageParts(board.stageOrder, mostCells)
  const turn = useTurn(partShownMs, freshness !== 'lost' && parts.length > 1)
  const part = parts[turn % parts.length] ?? []
  const cells = part.flatMap((code) => board.stages[code] ?? [])
  const names = cells.map(({ name }) => nameOf(name))
  const grid = cellGrid(names, Math.max(0, ...cells.map(({ wip }) => wip)), kind)
  return (
    <section
      key={part[0]}
      className={grid.beside ? 'andon-cells andon-cells--beside' : 'andon-cells'}
      style={asColumns(grid.columns)}
    >
      {cells.map((column) => (
        <AndonCell key={nameOf(column.name)} column={column} />
      ))}
    </section>
  )
}

function AndonCell({ column }: { readonly column: StageColumn }) {
  const { nameOf, language } = useText()
  const overdue = formatCount(column.overdue, language)
  const look = heatLook(column, column.toleranceRatio)
  const heat = look.kind === 'value' && isAlarm(look) ? `heat-${look.heat}` : 'andon-cell--quiet'
  return (
    <div className={`andon-cell ${heat}`}>
      <h3 className="andon-cell__name" data-may-truncate>
        {nameOf(column.name)}
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

/** A custom property is no part of React's own list of styles. */
function asColumns(count: number): CSSProperties {
  return { '--columns': count } as CSSProperties
}
