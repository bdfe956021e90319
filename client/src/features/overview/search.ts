import type { HeatmapQuery } from '@stagewatch/shared/contract/heatmap.ts'
import { z } from 'zod'
import { listParam, stringifySearch, textParam } from '../../api/search-params.ts'
import { addDays, dateIn, startOfDate } from './site-days.ts'

/** Days up to today, with it, that a preset covers. */
const presetDays = { today: 1, yesterday: 2, '7d': 7, '14d': 14, '30d': 30 } as const
/** `shift`: since the current one began, which the server knows. */
export const presets = ['shift', 'today', 'yesterday', '7d', '14d', '30d'] as const
export type Preset = (typeof presets)[number]

export const metrics = ['breachRatio', 'p50', 'wip', 'visits'] as const satisfies readonly HeatmapQuery['metric'][]
export const heatRows = ['stage', 'department', 'product', 'customer', 'customerClass'] as const
export const heatColumns = ['day', 'hour', 'hourOfDay', 'weekday'] as const
export const dimensions = ['process', 'department', 'customer', 'customerClass', 'product'] as const
export type Dimension = (typeof dimensions)[number]

const dateParam = z.iso.date().optional().catch(undefined)

/** The view as its address says it; what is not known there is taken for not given. */
export const overviewSearch = z.object({
  /** Undefined, and no dates: 14 days. */
  range: z.enum(presets).optional().catch(undefined),
  /** First and last day, with it, of a period of one's own, as dates of the site. */
  from: dateParam,
  to: dateParam,
  process: listParam,
  department: listParam,
  customer: listParam,
  customerClass: listParam,
  product: listParam,
  metric: z.enum(metrics).optional().catch(undefined),
  rows: z.enum(heatRows).optional().catch(undefined),
  cols: z.enum(heatColumns).optional().catch(undefined),
  /** Row and column of the chosen cell of the heat map. */
  cell: textParam,
})
export type OverviewSearch = z.infer<typeof overviewSearch>

export type Filters = Readonly<Pick<OverviewSearch, Dimension>>

export function filtersOf({ process, department, customer, customerClass, product }: OverviewSearch): Filters {
  return { process, department, customer, customerClass, product }
}

export function presetOf({ range, from, to }: OverviewSearch): Preset | 'custom' {
  if (range !== undefined) return range
  return from === undefined && to === undefined ? '14d' : 'custom'
}

/** Whether anything but the usual view was asked for, so that there is something to clear. */
export function isFiltered(search: OverviewSearch): boolean {
  return presetOf(search) !== '14d' || Object.values(filtersOf(search)).some((values) => values !== undefined)
}

interface Period {
  /** RFC 3339; undefined: what the server takes by itself, today and the 13 days before it. */
  readonly from?: string
  /** Not included; undefined: now. */
  readonly to?: string
  /** In place of both. */
  readonly since?: 'shift'
}

/**
 * The period as the server is asked for it; the same text all day long.
 * @param now epoch ms by the server's clock.
 */
export function periodOf(search: OverviewSearch, now: number, timeZone: string): Period {
  const preset = presetOf(search)
  if (preset === '14d') return {}
  if (preset === 'shift') return { since: 'shift' }
  const today = dateIn(now, timeZone)
  if (preset !== 'custom') return { from: asText(startOfDate(addDays(today, 1 - presetDays[preset]), timeZone)) }
  return {
    ...(search.from !== undefined && { from: asText(startOfDate(search.from, timeZone)) }),
    // Today is not over, and goes on to be told live.
    ...(search.to !== undefined && search.to < today && { to: asText(startOfDate(addDays(search.to, 1), timeZone)) }),
  }
}

/** The columns of the heat map: hours of a shift, else days, unless others are chosen. */
export function columnsOf(search: OverviewSearch): (typeof heatColumns)[number] {
  return search.cols ?? usualColumns(search)
}

export function usualColumns(search: OverviewSearch): (typeof heatColumns)[number] {
  return presetOf(search) === 'shift' ? 'hour' : 'day'
}

/** An address of the API: without its question mark. */
export function apiSearch(params: Readonly<Record<string, unknown>>): string {
  return stringifySearch(params).slice(1)
}

function asText(at: number): string {
  return new Date(at).toISOString()
}
