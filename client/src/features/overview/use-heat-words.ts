import type { HeatmapAnswer } from '@stagewatch/shared/contract/heatmap.ts'
import { textIn } from '@stagewatch/shared/domain/local-text.ts'
import { locales } from '@stagewatch/shared/domain/locales.ts'
import { useMemo } from 'react'
import { calendarDate, shortDate, timeOfDay } from '../../format/clock-time.ts'
import { formatCount, formatShare, missing, withPercentSign } from '../../format/quantity.ts'
import type { CellLook, HeatCell } from './heat-cells.ts'
import { dateIn } from '../../format/time-zone.ts'
import type { heatColumns } from './search.ts'
import { useOverviewText } from './use-overview-text.ts'

type ColumnKind = (typeof heatColumns)[number]
export type HeatWords = ReturnType<typeof heatWords>

/** A Monday; names of weekdays are formatted from it and the days after it. */
const someMonday = Date.UTC(2024, 0, 1)
const dayMs = 86_400_000

/** Names of the rows, columns and cells of a heat map. The object keeps its identity until a name may change. */
export function useHeatWords(answer: HeatmapAnswer, kind: ColumnKind, timeZone: string): HeatWords {
  const { t, language, duration } = useOverviewText()
  return useMemo(
    () => heatWords(answer, kind, timeZone, { t, language, duration }),
    [answer, kind, timeZone, t, language, duration],
  )
}

type Texts = Pick<ReturnType<typeof useOverviewText>, 't' | 'language' | 'duration'>

function heatWords(answer: HeatmapAnswer, kind: ColumnKind, timeZone: string, { t, language, duration }: Texts) {
  const { asOf, metric, basis } = answer
  // Computed once for all cells, because a calendar lookup per cell would take most of the rendering time.
  const begun = kind === 'day' ? answer.columns.findLast((column) => column <= asOf) : undefined
  const today = begun !== undefined && dateIn(begun, timeZone) === dateIn(asOf, timeZone) ? begun : undefined
  const weekday = (day: number, style: 'short' | 'long'): string =>
    new Intl.DateTimeFormat(locales[language].formatTag, { weekday: style, timeZone: 'UTC' }).format(
      someMonday + (day - 1) * dayMs,
    )
  const hour = (value: number): string => `${String(value).padStart(2, '0')}:00`
  /** Whether the column shows the current state. An hourly column shows the state at the start of its hour. */
  const isNow = (column: number): boolean => column === today
  /** Whether no column is newer. */
  const isNewest = (column: number): boolean => isNow(column) || (kind === 'hour' && column === answer.columns.at(-1))
  const names = {
    day: (column: number) => (isNow(column) ? t('overview.today') : shortDate(column, timeZone, language)),
    hour: (column: number) => timeOfDay(column, timeZone),
    hourOfDay: hour,
    weekday: (column: number) => weekday(column, 'short'),
  }
  const longNames = {
    day: (column: number) =>
      isNow(column)
        ? t('overview.todayUntil', { time: timeOfDay(asOf, timeZone) })
        : calendarDate(column, timeZone, language),
    hour: (column: number) => `${calendarDate(column, timeZone, language)} ${timeOfDay(column, timeZone)}`,
    hourOfDay: hour,
    weekday: (column: number) => weekday(column, 'long'),
  }
  return {
    isNow,
    isNewest,
    column: names[kind],
    longColumn: longNames[kind],
    row: ({ key, name }: HeatmapAnswer['rows'][number]): string =>
      key === '' ? t('filters.unnamed') : textIn(name, language),
    text: (look: CellLook): string =>
      look === undefined ? missing : `${look.value}${look.unit === undefined ? '' : t(`unit.${look.unit}`)}`,
    /** The full value, and the data that it is based on. */
    detail: ({ value, count, look, blank }: HeatCell): { readonly value: string; readonly basis: string } => {
      const number = formatCount(count, language)
      const rests = t(basis === 'snapshot' ? 'overview.ofOpen' : 'overview.ofFinished', { count, value: number })
      if (blank !== undefined) return { value: t(`overview.cell.${blank}`), basis: '' }
      if (value === null || look === undefined) return { value: t('overview.noValue'), basis: '' }
      switch (metric) {
        case 'breachRatio': {
          const late = formatCount(Math.round(value * count), language)
          const share = withPercentSign(formatShare(value, 1, language), language)
          return { value: share, basis: t('overview.lateOf', { late, total: number }) }
        }
        case 'p50':
        case 'p90':
          return { value: duration(value), basis: rests }
        case 'wip':
        case 'visits':
          return { value: formatCount(Math.round(value), language), basis: '' }
      }
    },
  }
}
