import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { NativeSelect, SegmentedControl } from '@mantine/core'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import { clsx } from 'clsx'
import { useState } from 'react'
import card from '../../components/card.module.css'
import { formatCount } from '../../format/quantity.ts'
import { heatTable } from './heat-cells.ts'
import { HeatGrid } from './heat-grid.tsx'
import { HeatLegend } from './heat-legend.tsx'
import styles from './heat-map.module.css'
import panels from './panels.module.css'
import { columnsOf, heatColumns, heatRows, metrics, usualColumns, type Filters, type OverviewSearch } from './search.ts'
import { TableButton } from './table-button.tsx'
import { useHeatWords } from './use-heat-words.ts'
import { useOverviewText } from './use-overview-text.ts'

interface HeatMapProps {
  readonly answer: HeatmapAnswer
  /** Undefined: not there yet, or the site has none. */
  readonly board: Board | undefined
  readonly timeZone: string
  readonly search: OverviewSearch
  readonly filters: Filters
  /** Whether customers may be told apart. */
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<OverviewSearch>) => void
}

/** Where orders are stuck, and since when. */
export function HeatMap({ answer, board, timeZone, search, filters, showsCustomers, onChange }: HeatMapProps) {
  const { t, language } = useOverviewText()
  const [isTable, setTable] = useState(false)
  const { metric, columns } = answer
  const rowKind = search.rows ?? 'stage'
  const columnKind = columnsOf(search)
  const { rows, leftOut } = heatTable(answer, ({ key }) => board?.stages[key], language)
  const words = useHeatWords(answer, columnKind, timeZone)
  const caption = `${t('overview.heat')}: ${t(`overview.metric.${metric}`)}`
  const labelled = rows.map((row) => ({ ...row, label: words.row(row) }))
  const isEmpty = rows.every(({ cells }) => cells.every(({ look }) => look === undefined))
  return (
    <section className={card['card']} aria-labelledby="heat">
      <div className={clsx(panels['head'], styles['head'])}>
        <h2 id="heat">{t('overview.heat')}</h2>
        <SegmentedControl
          className={styles['metrics']}
          size="xs"
          aria-label={t('overview.metricLabel')}
          value={metric}
          data={metrics.map((value) => ({ value, label: t(`overview.metric.${value}`) }))}
          onChange={(value) => {
            const chosen = metrics.find((each) => each === value)
            onChange({ metric: chosen === 'breachRatio' ? undefined : chosen, cell: undefined })
          }}
        />
        <NativeSelect
          size="xs"
          aria-label={t('overview.rowsLabel')}
          value={rowKind}
          data={heatRows
            .filter((value) => showsCustomers || !customerDimensions.includes(value))
            .map((value) => ({ value, label: t('overview.rowsBy', { what: t(`overview.dimension.${value}`) }) }))}
          onChange={({ currentTarget }) => {
            const chosen = heatRows.find((value) => value === currentTarget.value)
            onChange({ rows: chosen === 'stage' ? undefined : chosen, cell: undefined })
          }}
        />
        <NativeSelect
          size="xs"
          aria-label={t('overview.columnsLabel')}
          value={columnKind}
          data={heatColumns.map((value) => ({
            value,
            label: t('overview.columnsBy', { what: t(`overview.columns.${value}`) }),
          }))}
          onChange={({ currentTarget }) => {
            const chosen = heatColumns.find((value) => value === currentTarget.value)
            onChange({ cols: chosen === usualColumns(search) ? undefined : chosen, cell: undefined })
          }}
        />
        <TableButton isTable={isTable} onToggle={setTable} />
      </div>
      {isEmpty && <p className={styles['nothing']}>{t('overview.heatEmpty')}</p>}
      {!isEmpty && isTable && (
        <div className={panels['tableScroll']} data-scrolls>
          <table className={panels['table']}>
            <caption className="hidden-text">{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{t(`overview.dimension.${rowKind}`)}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {words.column(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {labelled.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.label}</th>
                  {columns.map((column, x) => (
                    <td key={column}>{words.text(row.cells[x]?.look)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!isEmpty && !isTable && (
        <>
          <HeatGrid
            key={columns.length}
            caption={caption}
            answer={answer}
            rows={labelled}
            words={words}
            board={board}
            rowKind={rowKind}
            filters={filters}
            chosen={search.cell}
            onChoose={(cell) => onChange({ cell })}
          />
          <HeatLegend answer={answer} board={board} />
        </>
      )}
      {leftOut > 0 && (
        <p className={styles['nothing']}>
          {t('overview.rowsLeftOut', { count: leftOut, value: formatCount(leftOut, language) })}
        </p>
      )}
    </section>
  )
}
