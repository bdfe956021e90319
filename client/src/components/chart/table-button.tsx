import { Button } from '@mantine/core'
import { ChartColumn, Table } from 'lucide-react'
import { useText } from '../../locales/use-text.ts'

interface TableButtonProps {
  readonly isTable: boolean
  readonly onToggle: (isTable: boolean) => void
}

const iconSize = 14

/** Toggles between a chart and a table of the same numbers. */
export function TableButton({ isTable, onToggle }: TableButtonProps) {
  const { t } = useText()
  const icon = isTable ? <ChartColumn size={iconSize} aria-hidden /> : <Table size={iconSize} aria-hidden />
  return (
    <Button variant="subtle" size="compact-sm" leftSection={icon} onClick={() => onToggle(!isTable)}>
      {t(isTable ? 'chart.asChart' : 'chart.asTable')}
    </Button>
  )
}
