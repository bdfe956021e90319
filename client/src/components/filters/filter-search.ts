import { z } from 'zod'
import { listParam } from '../../api/search-params.ts'
import { addDays, dateIn, startOfDate } from '../../format/time-zone.ts'

/** Number of days that a preset covers, back from and including today. */
const presetDays = { today: 1, yesterday: 2, '7d': 7, '14d': 14, '30d': 30, '90d': 90 } as const
/** `shift`: since the start of the current shift, which only the server knows. */
export const presets = ['shift', 'today', 'yesterday', '7d', '14d', '30d', '90d'] as const
export type Preset = (typeof presets)[number]

export const dimensions = ['process', 'department', 'customer', 'customerClass', 'product'] as const
export type Dimension = (typeof dimensions)[number]

const dateParam = z.iso.date().optional().catch(undefined)

/** Period and filters of a page in its URL. Unknown values count as missing. */
export const filterSearch = z.object({
  /** Undefined without dates: 14 days. */
  range: z.enum(presets).optional().catch(undefined),
  /** First and last day (inclusive) of a custom period, as dates of the site. */
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

/** Whether the view differs from the default, so that there is something to clear. */
export function isFiltered(search: FilterSearch): boolean {
  return presetOf(search) !== '14d' || Object.values(filtersOf(search)).some((values) => values !== undefined)
}

export interface Period {
  /** RFC 3339. Undefined: the server's default, today and the 13 days before it. */
  readonly from?: string
  /** Exclusive. Undefined: now. */
  readonly to?: string
  /** Replaces `from` and `to`. */
  readonly since?: 'shift'
}

/**
 * The period as request parameters. The result stays the same all day.
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
    // A period that includes today stays open, so that it is updated live.
    ...(search.to !== undefined && search.to < today && { to: asText(startOfDate(addDays(search.to, 1), timeZone)) }),
  }
}

/**
 * The first displayed day, as a date of the site: today for a shift, and the start of the default 14 days where the
 * server decides.
 */
export function firstDayOf(search: FilterSearch, today: string): string {
  const preset = presetOf(search)
  if (preset === 'custom') return search.from ?? addDays(today, 1 - presetDays['14d'])
  return addDays(today, 1 - presetDays[preset === 'shift' ? 'today' : preset])
}

function asText(at: number): string {
  return new Date(at).toISOString()
}
