import { Button, Menu, NativeSelect } from '@mantine/core'
import { customerDimensions } from '@stagewatch/shared/contract/choice.ts'
import { clsx } from 'clsx'
import { Calendar, Plus } from 'lucide-react'
import { useState } from 'react'
import { shortDate, timeOfDay } from '../../format/clock-time.ts'
import { dateIn } from '../../format/time-zone.ts'
import { useText } from '../../locales/use-text.ts'
import { FilterMenu } from './filter-menu.tsx'
import styles from './filter-bar.module.css'
import { dimensions, isFiltered, presetOf, type Dimension, type FilterSearch, type Preset } from './filter-search.ts'
import { ClockField } from '../form/clock-field.tsx'
import { isDay } from '../../format/typed-clock.ts'

interface FilterBarProps {
  readonly search: FilterSearch
  /** Available periods besides a custom date range. */
  readonly presets: readonly Preset[]
  /** First and last displayed day, as dates of the site. */
  readonly shown: { readonly from: string; readonly to: string }
  readonly today: string
  /** When the current shift began, epoch ms. Null: the calendar has no shifts. Undefined: not known yet. */
  readonly shiftBeganAt: number | null | undefined
  readonly timeZone: string
  /** Whether the filters by customer are available. */
  readonly showsCustomers: boolean
  readonly onChange: (change: Partial<FilterSearch>) => void
}

/** The default period without filters. */
export const noFilter = {
  range: undefined,
  from: undefined,
  to: undefined,
  process: undefined,
  department: undefined,
  customer: undefined,
  customerClass: undefined,
  product: undefined,
} satisfies Partial<FilterSearch>

/** The period and the filters of a page: a menu for each active filter, and a menu that adds others. */
export function FilterBar({
  search,
  presets,
  shown,
  today,
  shiftBeganAt,
  timeZone,
  showsCustomers,
  onChange,
}: FilterBarProps) {
  const { t, language } = useText()
  const preset = presetOf(search)
  const [added, setAdded] = useState<Dimension>()
  const offered = dimensions.filter((dimension) => showsCustomers || !customerDimensions.includes(dimension))
  const set = offered.filter((dimension) => search[dimension] !== undefined || dimension === added)
  const others = offered.filter((dimension) => !set.includes(dimension))
  /** When the shift began, in the site's time zone, or why it cannot be chosen. */
  const shiftLabel = (): string => {
    if (shiftBeganAt === undefined) return t('filters.range.shift')
    if (shiftBeganAt === null) return t(preset === 'shift' ? 'filters.range.todayNoShift' : 'filters.range.noShift')
    const time = timeOfDay(shiftBeganAt, timeZone)
    const isToday = dateIn(shiftBeganAt, timeZone) === today
    return t('filters.range.shiftAt', {
      time: isToday ? time : `${shortDate(shiftBeganAt, timeZone, language)} ${time}`,
    })
  }
  // A URL may contain a preset that is not offered.
  const offeredTimes = [...new Set([...presets, preset, 'custom' as const])]
  const choose = (value: string): void => {
    const next = presets.find((each) => each === value)
    if (next === undefined) return onChange({ range: undefined, from: shown.from, to: shown.to })
    onChange({ range: next === '14d' ? undefined : next, from: undefined, to: undefined })
  }
  return (
    <div className={styles['bar']} data-tools role="group" aria-label={t('filters.label')}>
      <NativeSelect
        className={clsx(styles['range'], preset === 'shift' && styles['shift'])}
        aria-label={t('filters.time')}
        leftSection={<Calendar size={15} aria-hidden />}
        value={preset}
        data={offeredTimes.map((value) =>
          value === 'shift'
            ? { value, label: shiftLabel(), disabled: shiftBeganAt === null }
            : { value, label: t(`filters.range.${value}`) },
        )}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {preset === 'custom' && (
        <>
          <ClockField
            kind="date"
            className={styles['date']}
            aria-label={t('filters.from')}
            value={search.from ?? ''}
            max={search.to ?? today}
            onChange={(value) => isDay(value) && onChange({ from: value })}
          />
          <ClockField
            kind="date"
            className={styles['date']}
            aria-label={t('filters.to')}
            value={search.to ?? ''}
            min={search.from}
            max={today}
            onChange={(value) => isDay(value) && onChange({ to: value })}
          />
        </>
      )}
      {set.map((dimension) => (
        <FilterMenu
          key={dimension}
          dimension={dimension}
          chosen={search[dimension]}
          isFresh={dimension === added}
          onChange={(chosen) => onChange({ [dimension]: chosen })}
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
              <span data-may-truncate>{t('filters.add')}</span>
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((dimension) => (
              <Menu.Item key={dimension} onClick={() => setAdded(dimension)}>
                {t(`filters.dimension.${dimension}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {isFiltered(search) && (
        <Button variant="subtle" size="compact-md" onClick={() => onChange(noFilter)}>
          {t('filters.clear')}
        </Button>
      )}
    </div>
  )
}
