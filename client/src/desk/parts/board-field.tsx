import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { processesQuery } from '../api/processes.ts'
import { useMe } from '../shell/me-context.ts'

interface BoardFieldProps {
  /** `overview`, or `overview:PROCESS`. */
  readonly value: string
  readonly onChange: (board: string) => void
}

/** Which process is on the screen, where there are several. */
export function BoardField({ value, onChange }: BoardFieldProps) {
  const { t, nameOf } = useText()
  const { data } = useQuery(processesQuery(useMe().site))
  const others = data?.processes.filter(({ code }) => code !== data.defaultProcess) ?? []
  if (others.length === 0 && value === 'overview') return null
  const boards = [
    { value: 'overview', label: t('desk.screen.usualProcess') },
    ...others.map(({ code, name }) => ({ value: `overview:${code}`, label: nameOf(name) })),
  ]
  const known = boards.some((board) => board.value === value) ? boards : [...boards, { value, label: value }]
  return (
    <NativeSelect
      label={t('desk.screen.process')}
      value={value}
      data={known}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
