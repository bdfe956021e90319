import { Button, Menu, NativeSelect, TextInput } from '@mantine/core'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import { clsx } from 'clsx'
import { Calendar, Plus } from 'lucide-react'
import { useState } from 'react'
import { timeOfDay } from '../../format/clock-time.ts'
import { FilterMenu } from './filter-menu.tsx'
import styles from './filter-bar.module.css'
import { dimensions, isFiltered, presetOf, presets, type Dimension, type OverviewSearch } from './search.ts'
import { dateIn } from './site-days.ts'
import { useOverviewText } from './use-overview-text.ts'

interface FilterBarProps {
  readonly search: OverviewSearch
  /** First and last day that are shown, as dates of the site. */
  readonly shown: { readonly from: string; readonly to: string }
  readonly today: string
  /** When the shift began, epoch ms; null: the calendar has no shifts. Undefined: nobody has told yet. */
  readonly shiftBeganAt: number | null | undefined
  readonly timeZone: string
  /** Whether customers may be told apart. */
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<OverviewSearch>) => void
}

const noFilter = {
  range: undefined,
  from: undefined,
  to: undefined,
  process: undefined,
  department: undefined,
  customer: undefined,
  customerClass: undefined,
  product: undefined,
  cell: undefined,
} satisfies Partial<OverviewSearch>

/** Which days and which orders the page is about: a menu for each filter that is set, and a way to add others. */
export function FilterBar({ search, shown, today, shiftBeganAt, timeZone, showsCustomers, onChange }: FilterBarProps) {
  const { t, shortDay } = useOverviewText()
  const preset = presetOf(search)
  const [added, setAdded] = useState<Dimension>()
  const offered = dimensions.filter((dimension) => showsCustomers || !customerDimensions.includes(dimension))
  const set = offered.filter((dimension) => search[dimension] !== undefined || dimension === added)
  const others = offered.filter((dimension) => !set.includes(dimension))
  /** When the shift began, by the clock of the site, or why there is none to choose. */
  const shiftLabel = (): string => {
    if (shiftBeganAt === undefined) return t('overview.range.shift')
    if (shiftBeganAt === null) return t(preset === 'shift' ? 'overview.range.todayNoShift' : 'overview.range.noShift')
    const time = timeOfDay(shiftBeganAt, timeZone)
    const isToday = dateIn(shiftBeganAt, timeZone) === today
    return t('overview.range.shiftAt', { time: isToday ? time : `${shortDay(shiftBeganAt, timeZone)} ${time}` })
  }
  const choose = (value: string): void => {
    const next = presets.find((each) => each === value)
    if (next === undefined) return onChange({ range: undefined, from: shown.from, to: shown.to, cell: undefined })
    onChange({ range: next === '14d' ? undefined : next, from: undefined, to: undefined, cell: undefined })
  }
  return (
    <div className={styles['bar']} data-tools role="group" aria-label={t('overview.filters')}>
      <NativeSelect
        className={clsx(styles['range'], preset === 'shift' && styles['shift'])}
        aria-label={t('overview.time')}
        leftSection={<Calendar size={15} aria-hidden />}
        value={preset}
        data={[...presets, 'custom' as const].map((value) =>
          value === 'shift'
            ? { value, label: shiftLabel(), disabled: shiftBeganAt === null }
            : { value, label: t(`overview.range.${value}`) },
        )}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {preset === 'custom' && (
        <>
          <TextInput
            type="date"
            className={styles['date']}
            aria-label={t('overview.from')}
            value={search.from ?? ''}
            max={search.to ?? today}
            onChange={({ currentTarget: { value } }) => value !== '' && onChange({ from: value })}
          />
          <TextInput
            type="date"
            className={styles['date']}
            aria-label={t('overview.to')}
            value={search.to ?? ''}
            min={search.from}
            max={today}
            onChange={({ currentTarget: { value } }) => value !== '' && onChange({ to: value })}
          />
        </>
      )}
      {set.map((dimension) => (
        <FilterMenu
          key={dimension}
          dimension={dimension}
          chosen={search[dimension]}
          isFresh={dimension === added}
          onChange={(chosen) => onChange({ [dimension]: chosen, cell: undefined })}
          onClose={() => setAdded(undefined)}
        />
      ))}
      {others.length > 0 && (
        <Menu position="bottom-start" returnFocus={false}>
          <Menu.Target>
            <Button
              variant="default"
              size="compact-md"
              className={styles['button']}
              data-icon="phone"
              leftSection={<Plus size={14} aria-hidden />}
            >
              <span data-may-truncate>{t('overview.addFilter')}</span>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((dimension) => (
              <Menu.Item key={dimension} onClick={() => setAdded(dimension)}>
                {t(`overview.dimension.${dimension}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {isFiltered(search) && (
        <Button variant="subtle" size="compact-md" onClick={() => onChange(noFilter)}>
          {t('overview.clearFilters')}
        </Button>
      )}
    </div>
  )
}
