import type { CalendarEvent } from './calendar-events.ts'
import { textOf } from './calendar-events.ts'

/** 上班(补春节假期), 春节 补班, 春节（班）: but not 不上班, nor 值班. */
const chinese = /补班|调班|(?<![不无])上班|(?:^|[（(\s])班(?:$|[）)\s])/
const english = /(?<!\bnon[- ]?)\bwork(?:ing )?day\b|\bmake-?up work/i

/** Whether an event is a make-up working day rather than a day off, by the texts that public calendars use. */
export function isMakeUpWork(event: CalendarEvent): boolean {
  if (textOf(event, 'X-APPLE-SPECIAL-DAY') === 'ALTERNATE-WORKDAY') return true
  return ['SUMMARY', 'CATEGORIES'].some((name) => {
    const text = textOf(event, name) ?? ''
    return chinese.test(text) || english.test(text)
  })
}
