import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { memo, useMemo } from 'react'
import type { HeatCell } from './heat-cells.ts'
import styles from './heat-map.module.css'
import type { HeatWords } from './use-heat-words.ts'

export type LabelledRow = HeatmapAnswer['rows'][number] & {
  readonly label: string
  readonly cells: readonly HeatCell[]
}

interface HeatRowProps {
  readonly row: LabelledRow
  /** Index of the row from the top. */
  readonly y: number
  readonly columns: readonly number[]
  /** Full names of the columns. */
  readonly titles: readonly string[]
  readonly words: HeatWords
  /** Columns of the tab stop, the chosen cell and the cell with the popover. Undefined: not in this row. */
  readonly stop: number | undefined
  readonly chosen: number | undefined
  readonly shown: number | undefined
  readonly popoverId: string
}

/** Interactive elements above the cells of a row. Memoized, so that only changed rows rerender. */
export const HeatRow = memo(function HeatRow(props: HeatRowProps) {
  const { row, y, columns, titles, words, stop, chosen, shown, popoverId } = props
  const names = useMemo(
    () =>
      row.cells.map((cell, x) => {
        const { value, basis } = words.detail(cell)
        return [row.label, titles[x], value, basis].filter((part) => part !== undefined && part !== '').join(', ')
      }),
    [row, titles, words],
  )
  return (
    <div role="row" className={styles['row']}>
      <span
        role="rowheader"
        className={styles['rowName']}
        style={{ gridRow: y + 1 }}
        title={row.label}
        data-floats
        data-may-truncate
      >
        {row.label}
      </span>
      {columns.map((column, x) => (
        <span
          key={column}
          role="gridcell"
          className={styles['cell']}
          style={{ gridArea: `${y + 1} / ${x + 2}` }}
          data-place={`${y}.${x}`}
          data-blank={row.cells[x]?.blank}
          tabIndex={stop === x ? 0 : -1}
          aria-selected={chosen === x}
          aria-label={names[x]}
          aria-describedby={shown === x ? popoverId : undefined}
        />
      ))}
    </div>
  )
})
