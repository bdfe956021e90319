import { z } from 'zod'
import { listParam } from '../../api/search-params.ts'
import { addDays, dateIn, startOfDate } from '../../format/site-days.ts'

/** Days up to today, with it, that a preset covers. */
const presetDays = { today: 1, yesterday: 2, '7d': 7, '14d': 14, '30d': 30, '90d': 90 } as const
/** `shift`: since the current one began, which the server knows. */
export const presets = ['shift', 'today', 'yesterday', '7d', '14d', '30d', '90d'] as const
export type Preset = (typeof presets)[number]

export const dimensions = ['process', 'department', 'customer', 'customerClass', 'product'] as const
export type Dimension = (typeof dimensions)[number]

const dateParam = z.iso.date().optional().catch(undefined)

/** Which days and which orders a page is about, as its address says it; what is not known is taken for not given. */
export const filterSearch = z.object({
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
})
export type FilterSearch = z.infer<typeof filterSearch>

export type Filters = Readonly<Pick<FilterSearch, Dimension>>

export function filtersOf({ process, department, customer, customerClass, product }: FilterSearch): Filters {
  return { process, department, customer, customerClass, product }
}

export function presetOf({ range, from, to }: FilterSearch): Preset | 'custom' {
  if (range !== undefined) return range
  return from === undefined && to === undefined ? '14d' : 'custom'
}

/** Whether anything but the usual view was asked for, so that there is something to clear. */
export function isFiltered(search: FilterSearch): boolean {
  return presetOf(search) !== '14d' || Object.values(filtersOf(search)).some((values) => values !== undefined)
}

export interface Period {
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
export function periodOf(search: FilterSearch, now: number, timeZone: string): Period {
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

/** The first day that is shown, as a date of the site; of a shift, and where the server decides, the usual 14 days. */
export function firstDayOf(search: FilterSearch, today: string): string {
  const preset = presetOf(search)
  if (preset === 'custom') return search.from ?? addDays(today, 1 - presetDays['14d'])
  return addDays(today, 1 - presetDays[preset === 'shift' ? 'today' : preset])
}

function asText(at: number): string {
  return new Date(at).toISOString()
}
