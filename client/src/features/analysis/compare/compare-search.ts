import { z } from 'zod'
import { addDays, startOfDate } from '../../../format/time-zone.ts'

export const compareMeasures = ['medianMs', 'meanMs', 'breachRatio', 'perDay'] as const

const dateParam = z.iso.date().optional().catch(undefined)

/** Search parameters of the tab, in addition to those of the page, whose days are the later period. */
export const compareSearch = z.object({
  /** First and last day (inclusive) of the earlier period. Undefined: the same number of days, right before. */
  beforeFrom: dateParam,
  beforeTo: dateParam,
  measure: z.enum(compareMeasures).optional().catch(undefined),
})
export type CompareSearch = z.infer<typeof compareSearch>

/** Both periods as first and last day (inclusive), dates of the site. */
export interface ComparedDays {
  readonly before: { readonly from: string; readonly to: string }
  readonly after: { readonly from: string; readonly to: string }
}

/**
 * The compared days. Today is excluded because it is not over.
 * @param days first and last day of the page.
 * @returns undefined when the later period contains no complete day.
 */
export function comparedDays(
  { beforeFrom, beforeTo }: CompareSearch,
  days: { readonly from: string; readonly to: string },
  today: string,
): ComparedDays | undefined {
  const to = days.to < today ? days.to : addDays(today, -1)
  if (days.from > to) return undefined
  const lastBefore = beforeTo ?? addDays(days.from, -1)
  const length = Math.round((Date.parse(to) - Date.parse(days.from)) / dayMs) + 1
  return {
    before: { from: beforeFrom ?? addDays(lastBefore, 1 - length), to: lastBefore },
    after: { from: days.from, to },
  }
}

const dayMs = 86_400_000

/** Both periods as request parameters. */
export function periodsAsked({ before, after }: ComparedDays, timeZone: string): Readonly<Record<string, string>> {
  const at = (date: string): string => new Date(startOfDate(date, timeZone)).toISOString()
  return {
    beforeFrom: at(before.from),
    beforeTo: at(addDays(before.to, 1)),
    afterFrom: at(after.from),
    afterTo: at(addDays(after.to, 1)),
  }
}
