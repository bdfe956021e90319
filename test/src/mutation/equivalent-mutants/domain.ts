import type { EquivalentMutant } from '../find-mutants.ts'

export const ofDomain: readonly EquivalentMutant[] = [
  {
    file: 'shared/src/domain/holds.ts',
    line: 'if (hold === undefined || hold.to <= from) break',
    change: '<= → <',
    reason: 'A hold that ends where the span begins adds nothing, and neither do those before it.',
  },
  {
    file: 'shared/src/domain/visit-times.ts',
    line: 'const within = [...new Set(cuts)].filter((at) => at > from && at < to).toSorted((a, b) => a - b)',
    change: '> → >=',
    reason: 'A part of no time where the visit begins adds nothing to what holds from there on.',
  },
  ...['a', 'at'].map((instant) => ({
    file: 'shared/src/domain/time/calendar-of.ts',
    line: `if (${instant} >= calendarRange.to) return undefined`,
    change: '>= → >',
    reason: 'From the end of the range on nothing is worked, so that the search finds nothing there either.',
  })),
  {
    file: 'shared/src/domain/time/calendar-of.ts',
    line: 'if (!(from < to)) return 0',
    change: '< → <=',
    reason: 'From an instant to itself no time is counted either way.',
  },
  {
    file: 'shared/src/domain/time/working-time.ts',
    line: 'this.#firstOfWorkedHour = firstReaching(this.#workedBefore.subarray(1), 0, workedMs)',
    change: '1 → 2',
    reason: 'An index that begins with an earlier interval is found all the same, in more steps.',
  },
  {
    file: 'shared/src/domain/time/working-time.ts',
    line: 'while (value(bounds, i) < from + hour * hourMs) i++',
    change: '* → /',
    reason: 'An index that begins with an earlier interval is found all the same, in more steps.',
  },
  {
    file: 'shared/src/domain/time/compile-calendar.ts',
    line: 'return firstInstantOf(zoneOffsets(timeZone, midnight - 2 * dayMs, midnight + 2 * dayMs), midnight)',
    change: '2 → 3',
    reason: 'More changes of the clocks are read than one midnight needs.',
  },
  {
    file: 'shared/src/domain/time/shift-times.ts',
    line: 'weekdayTimes(week, weekday).map((times, index) => ({ ...shifted(times, (weekday - 1) * dayMs), weekday, index })),',
    change: '- → +',
    reason: 'The whole week is moved by two days, and whether its shifts overlap is the same.',
  },
  ...['a', 'b'].map((visit) => ({
    file: 'shared/src/domain/correction.ts',
    line: `${visit} !== undefined &&`,
    change: '!== → ===',
    reason: 'Visits that count the same and are not left out at the start are left out of both lists afterwards.',
  })),
  {
    file: 'shared/src/domain/effective-events.ts',
    line: 'if (events.length <= eventsPerStep) return events.toSorted(compareEvents)',
    change: '<= → <',
    reason: 'A single run is sorted once more.',
  },
  {
    file: 'shared/src/domain/time/shift-times.ts',
    line: 'weekdayTimes(week, weekday).map((times, index) => ({ ...shifted(times, (weekday - 1) * dayMs), weekday, index })),',
    change: '1 → 2',
    reason: 'All shifts of the week are moved by the same day.',
  },
  {
    file: 'shared/src/domain/process-history.ts',
    line: 'return history.findLast(({ validFrom = -Infinity }) => validFrom <= at)?.definition ?? history[0].definition',
    change: '-Infinity → Infinity',
    reason: 'The first version also applies where none is found.',
  },
  {
    file: 'shared/src/domain/time/calendar-of.ts',
    line: 'const windowMs = 366 * dayMs',
    change: '366 → 732',
    reason: 'A longer window is compiled, with the same shifts.',
  },
  {
    file: 'shared/src/domain/time/compile-calendar.ts',
    line: 'const marginMs = 3 * dayMs',
    change: '3 → 4',
    reason: 'Shifts a day further away are found, which lie outside of the window.',
  },
  {
    file: 'shared/src/domain/time/working-time.ts',
    line: 'const first = new Uint32Array(Math.floor((to - from) / hourMs) + 1)',
    change: '1 → 2',
    reason: 'No instant of the window is in the additional hour.',
  },
  {
    file: 'shared/src/domain/time/working-time.ts',
    line: 'this.#workedBefore = new Float64Array(intervals.length + 1)',
    change: '1 → 2',
    reason: 'An element behind the last one is never read.',
  },
  {
    file: 'shared/src/domain/time/working-time.ts',
    line: 'while (value(bounds, i) < from + hour * hourMs) i++',
    change: 'value(bounds, i) < from + hour * hourMs → false',
    reason: 'The same interval is found, from the first one on.',
  },
  {
    file: 'shared/src/domain/stage-visit.ts',
    line: 'for (let i = visits.length - 1; i > 0; i--) {',
    change: '> → >=',
    reason: 'The first visit is not entered before itself.',
  },
  {
    file: 'shared/src/domain/correction.ts',
    line: 'while (last < most - first && isAlike(was[was.length - 1 - last], is[is.length - 1 - last])) last += 1',
    change: 'last < most - first && isAlike(was[was.length - 1 - last], is[is.length - 1 - last]) → false',
    reason: 'More visits are compared, and those that are the same on both sides cancel out.',
  },
  {
    file: 'shared/src/domain/effective-events.ts',
    line: 'const eventsPerStep = 512',
    change: '512 → 1024',
    reason: 'Steps are twice as long.',
  },
]
