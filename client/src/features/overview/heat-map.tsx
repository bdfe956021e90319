import type { Board } from '@stagewatch/shared/contract/board.ts'
import { clsx } from 'clsx'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import card from '../../components/card.module.css'
import { ScrollArea } from '../../components/scroll-area.tsx'
import { formatCount } from '../../format/quantity.ts'
import type { AskedHeatmap } from './api.ts'
import { heatTable } from './heat-cells.ts'
import { HeatControls } from './heat-controls.tsx'
import { HeatGrid } from './heat-grid.tsx'
import { HeatLegend } from './heat-legend.tsx'
import styles from './heat-map.module.css'
import panels from './panels.module.css'
import type { Filters } from '../../components/filters/filter-search.ts'
import type { OverviewSearch } from './search.ts'
import { TableButton } from '../../components/chart/table-button.tsx'
import { useHeatWords } from './use-heat-words.ts'
import { useOverviewText } from './use-overview-text.ts'

interface HeatMapProps {
  readonly heatmap: AskedHeatmap
  /** Undefined: not loaded yet, or the site has none. */
  readonly board: Board | undefined
  readonly timeZone: string
  readonly filters: Filters
  /** Key of the chosen cell in the URL. */
  readonly chosen: string | undefined
  /** Whether the choice by customer is available. */
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<OverviewSearch>) => void
}

/** Shows where orders are stuck, and since when. */
export const HeatMap = memo(function HeatMap({ heatmap, showsCustomers, onChange, ...rest }: HeatMapProps) {
  const { t } = useOverviewText()
  const [isTable, setTable] = useState(false)
  // Rendering hundreds of cells is deferred, so that it does not block user input.
  const shown = useDeferredValue(heatmap)
  const isShownAsTable = useDeferredValue(isTable)
  const { metric, basis } = shown.answer
  // A filter changes what is counted, which is not obvious from the name of the metric.
  const measured = t(`overview.measured.${metric}.${basis}`)
  return (
    <section className={card['card']} aria-labelledby="heat">
      <div className={clsx(panels['head'], styles['head'])}>
        <h2 id="heat">
          {t('overview.heat')} <span className={card['titleNote']}>{measured}</span>
        </h2>
        <HeatControls showsCustomers={showsCustomers} onChange={onChange} />
        <TableButton isTable={isTable} onToggle={setTable} />
      </div>
      <HeatContent {...rest} heatmap={shown} measured={measured} isTable={isShownAsTable} onChange={onChange} />
    </section>
  )
})

interface HeatContentProps extends Omit<HeatMapProps, 'showsCustomers'> {
  /** The metric, and of what it is. */
  readonly measured: string
  readonly isTable: boolean
}

const HeatContent = memo(function HeatContent(props: HeatContentProps) {
  const { heatmap, measured, board, timeZone, filters, chosen, isTable, onChange } = props
  const { t, language } = useOverviewText()
  const { answer, rowKind, columnKind } = heatmap
  const { columns } = answer
  const stages = board?.stages
  const words = useHeatWords(answer, columnKind, timeZone)
  const { rows, leftOut } = useMemo(() => {
    const table = heatTable(answer, ({ key }) => stages?.[key], language)
    return { ...table, rows: table.rows.map((row) => ({ ...row, label: words.row(row) })) }
  }, [answer, stages, language, words])
  const caption = `${t('overview.heat')}: ${measured}`
  const isEmpty = rows.every(({ cells }) => cells.every(({ look }) => look === undefined))
  return (
    <>
      {isEmpty && <p className={styles['nothing']}>{t('overview.heatEmpty')}</p>}
      {!isEmpty && isTable && (
        <ScrollArea label={caption} className={panels['tableScroll']}>
          <table className={panels['table']}>
            <caption className="hidden-text">{caption}</caption>
            <thead>
              <tr>
                <th scope="col">{t(`filters.dimension.${rowKind}`)}</th>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {words.column(column)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.key}>
                  <th scope="row">{row.label}</th>
                  {columns.map((column, x) => (
                    <td key={column}>{words.text(row.cells[x]?.look)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {!isEmpty && !isTable && (
        <>
          <HeatGrid
            caption={caption}
            answer={answer}
            rows={rows}
            words={words}
            board={board}
            rowKind={rowKind}
            filters={filters}
            chosen={chosen}
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
    </>
  )
})
