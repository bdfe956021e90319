import { NativeSelect, SegmentedControl } from '@mantine/core'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import { useSearch } from '@tanstack/react-router'
import styles from './heat-map.module.css'
import { columnsOf, heatColumns, heatRows, metrics, usualColumns, type OverviewSearch } from './search.ts'
import { useOverviewText } from './use-overview-text.ts'

interface HeatControlsProps {
  /** Whether the choice by customer is available. */
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<OverviewSearch>) => void
}

/** Settings of the heat map. They show a choice at once, before the map is updated. */
export function HeatControls({ showsCustomers, onChange }: HeatControlsProps) {
  const { t } = useOverviewText()
  const search: OverviewSearch = useSearch({ from: '/shell/overview' })
  return (
    <>
      <SegmentedControl
        className={styles['metrics']}
        size="xs"
        aria-label={t('overview.metricLabel')}
        value={search.metric ?? 'breachRatio'}
        data={metrics.map((value) => ({ value, label: t(`overview.metric.${value}`) }))}
        onChange={(value) => {
          const chosen = metrics.find((each) => each === value)
          onChange({ metric: chosen === 'breachRatio' ? undefined : chosen, cell: undefined })
        }}
      />
      <NativeSelect
        size="xs"
        aria-label={t('overview.rowsLabel')}
        value={search.rows ?? 'stage'}
        data={heatRows
          .filter((value) => showsCustomers || !customerDimensions.includes(value))
          .map((value) => ({ value, label: t('overview.rowsBy', { what: t(`filters.dimension.${value}`) }) }))}
        onChange={({ currentTarget }) => {
          const chosen = heatRows.find((value) => value === currentTarget.value)
          onChange({ rows: chosen === 'stage' ? undefined : chosen, cell: undefined })
        }}
      />
      <NativeSelect
        size="xs"
        aria-label={t('overview.columnsLabel')}
        value={columnsOf(search)}
        data={heatColumns.map((value) => ({
          value,
          label: t('overview.columnsBy', { what: t(`overview.columns.${value}`) }),
        }))}
        onChange={({ currentTarget }) => {
          const chosen = heatColumns.find((value) => value === currentTarget.value)
          onChange({ cols: chosen === usualColumns(search) ? undefined : chosen, cell: undefined })
        }}
      />
    </>
  )
}
