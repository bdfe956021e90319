import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { HeatmapChart } from 'echarts/charts'
import { VisualMapPiecewiseComponent } from 'echarts/components'
import { use } from 'echarts/core'
import { useId, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent } from 'react'
import { Chart } from '../../components/chart/chart.tsx'
import { useChartColours } from '../../components/chart/chart-colours.ts'
import { textWidth } from '../../format/shorten.ts'
import { listedCount } from './heat-cells.ts'
import styles from './heat-map.module.css'
import { heatOption } from './heat-option.ts'
import { HeatPopover } from './heat-popover.tsx'
import { HeatRow, type LabelledRow } from './heat-row.tsx'
import { useGoToOrders, type OrdersChoice } from '../../components/order/orders-link.tsx'
import type { Filters } from '../../components/filters/filter-search.ts'
import type { OverviewSearch } from './search.ts'
import type { HeatWords } from './use-heat-words.ts'

/** Letters of a name for which the column of names is wide enough. */
const usualNameWidth = 11

use([HeatmapChart, VisualMapPiecewiseComponent])

interface HeatGridProps {
  readonly caption: string
  readonly answer: Pick<HeatmapAnswer, 'metric' | 'basis' | 'columns'>
  readonly rows: readonly LabelledRow[]
  readonly words: HeatWords
  readonly board: Board | undefined
  readonly rowKind: NonNullable<OverviewSearch['rows']>
  readonly filters: Filters
  /** Key of the chosen cell in the URL. */
  readonly chosen: string | undefined
  readonly onChoose: (cell: string | undefined) => void
}

interface Place {
  readonly row: number
  readonly column: number
}

const steps: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
}

/** Cells drawn by ECharts, below elements that take the pointer and the focus; the arrow keys move the focus. */
export function HeatGrid({ caption, answer, rows, words, board, rowKind, filters, chosen, onChoose }: HeatGridProps) {
  const { columns, metric } = answer
  const status: OrdersChoice['status'] = metric === 'breachRatio' ? 'overdue' : 'open'
  const colours = useChartColours()
  const goToOrders = useGoToOrders()
  const popoverId = useId()
  const grid = useRef<HTMLDivElement>(null)
  const scroll = useRef<HTMLDivElement>(null)
  const [hovered, setHovered] = useState<Place>()
  const [focused, setFocused] = useState<Place>()
  const [stop, setStop] = useState<Place>()
  const [columnCount, setColumnCount] = useState(columns.length)
  if (columnCount !== columns.length) {
    // The columns have changed, so the stored positions are no longer valid.
    setColumnCount(columns.length)
    setHovered(undefined)
    setFocused(undefined)
    setStop(undefined)
  }
  const shown = hovered ?? focused
  const hasLongNames = useMemo(
    () => rowKind !== 'stage' || rows.some(({ label }) => textWidth(label) > usualNameWidth),
    [rowKind, rows],
  )
  const titles = useMemo(() => columns.map(words.longColumn), [columns, words])
  const option = useMemo(() => {
    const looks = rows.map(({ cells }) => cells.map(({ look }) => look))
    return heatOption(looks, columns.length, words.text, colours)
  }, [rows, columns, words, colours])
  // A table that has become smaller keeps one tab stop.
  const current = {
    row: Math.min(stop?.row ?? 0, rows.length - 1),
    column: Math.min(stop?.column ?? Infinity, columns.length - 1),
  }
  const nameOf = ({ row, column }: Place): string => `${rows[row]?.key ?? ''}.${columns[column] ?? ''}`

  // If not all columns fit, the newest are visible.
  useLayoutEffect(() => {
    if (columns.length > 0 && scroll.current !== null) scroll.current.scrollLeft = scroll.current.scrollWidth
  }, [columns.length])

  /** The last interaction decides: a resting pointer does not keep its cell active. */
  const show = (place: Place | undefined): void => {
    setHovered(undefined)
    setFocused(place)
  }
  const choiceOf = ({ row }: Place): OrdersChoice => {
    const { key = '' } = rows[row] ?? {}
    return rowKind === 'stage' ? { status, stage: key, ...filters } : { status, ...filters, [rowKind]: [key] }
  }
  /** Only the list of current orders matches the count of the cell. Orders between two stages are in no stage. */
  const listedOf = ({ row, column }: Place): number | undefined => {
    const cell = rows[row]?.cells[column]
    const isOfNow = rowKind === 'stage' && words.isNow(columns[column] ?? 0)
    return isOfNow && cell !== undefined ? listedCount(answer, cell) : undefined
  }
  const move = (event: KeyboardEvent, place: Place): void => {
    if (event.key === 'Enter') return goToOrders(choiceOf(place))
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const row = Math.min(rows.length - 1, Math.max(0, place.row + step.row))
    const column = Math.min(columns.length - 1, Math.max(0, place.column + step.column))
    grid.current?.querySelector<HTMLElement>(`[data-place="${row}.${column}"]`)?.focus()
  }
  const size = { '--columns': columns.length, '--rows': rows.length } as CSSProperties
  return (
    <div
      role="presentation"
      className={styles['place']}
      data-names={hasLongNames ? 'long' : undefined}
      // One handler for all cells instead of handlers per cell. Unlike `mouseenter`, `mousemove` does not fire when the
      // content below a resting pointer changes.
      onMouseMove={({ target }) => {
        const place = placeOf(target)
        if (place !== undefined && !isSame(hovered, place)) setHovered(place)
      }}
      onMouseLeave={() => setHovered(undefined)}
      onFocus={({ target }) => {
        const place = placeOf(target)
        if (place === undefined) return
        setStop(place)
        show(place)
      }}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) setFocused(undefined)
      }}
      onClick={({ target }) => {
        const place = placeOf(target)
        if (place === undefined) return
        if (chosen === nameOf(place)) goToOrders(choiceOf(place))
        else onChoose(nameOf(place))
      }}
      onKeyDown={(event) => {
        const place = placeOf(event.target)
        if (event.key === 'Escape') show(undefined)
        else if (place !== undefined) move(event, place)
      }}
    >
      <div ref={scroll} className={styles['scroll']} data-scrolls>
        <div ref={grid} className={styles['grid']} style={size} role="grid" aria-label={caption}>
          <Chart option={option} table={undefined} className={styles['chart'] ?? ''} />
          {rows.map((row, y) => {
            const named =
              chosen === undefined ? -1 : columns.findIndex((_, column) => chosen === nameOf({ row: y, column }))
            return (
              <HeatRow
                key={row.key}
                row={row}
                y={y}
                columns={columns}
                titles={titles}
                words={words}
                stop={current.row === y ? current.column : undefined}
                chosen={named < 0 ? undefined : named}
                shown={shown?.row === y ? shown.column : undefined}
                popoverId={popoverId}
              />
            )
          })}
          <div role="row" className={styles['row']}>
            <span
              role="columnheader"
              className={styles['corner']}
              aria-label={caption}
              style={{ gridArea: `${rows.length + 1} / 1` }}
            />
            {columns.map((column, x) => (
              <span
                key={column}
                role="columnheader"
                className={styles['columnName']}
                aria-label={titles[x]}
                style={{ gridArea: `${rows.length + 1} / ${x + 2}` }}
              >
                {isLabelled(x, columns.length) && words.column(column)}
              </span>
            ))}
          </div>
        </div>
      </div>
      {shown !== undefined && (
        <HeatPopover
          id={popoverId}
          title={`${rows[shown.row]?.label ?? ''} · ${titles[shown.column] ?? ''}`}
          cell={rows[shown.row]?.cells[shown.column]}
          metric={metric}
          words={words}
          stage={
            rowKind === 'stage' && words.isNewest(columns[shown.column] ?? 0)
              ? board?.stages[rows[shown.row]?.key ?? '']
              : undefined
          }
          choice={choiceOf(shown)}
          listed={listedOf(shown)}
          at={{
            x: (shown.column + 0.5) / columns.length,
            y: (shown.row + 1) / (rows.length + 1),
            isLow: shown.row >= rows.length / 2,
          }}
        />
      )}
    </div>
  )
}

/** The cell that an event refers to. Undefined: none. */
function placeOf(target: EventTarget): Place | undefined {
  const { place } = (target as HTMLElement).dataset
  if (place === undefined) return undefined
  const [row = 0, column = 0] = place.split('.').map(Number)
  return { row, column }
}

function isSame(one: Place | undefined, other: Place): boolean {
  return one?.row === other.row && one.column === other.column
}

/** Omits labels that would overlap; the last one is always shown. */
function isLabelled(place: number, count: number): boolean {
  const step = Math.ceil(count / 16)
  return (count - 1 - place) % step === 0
}
