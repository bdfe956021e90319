/** A change that does not alter the program's behaviour, so no test can detect it. */
export interface EquivalentMutant {
  readonly file: string
  /** The trimmed source line. */
  readonly line: string
  /** The change as printed by the run. */
  readonly change: string
  readonly reason: string
}

export const equivalentMutants: readonly EquivalentMutant[] = [
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
  {
    file: 'server/src/live/event-frame.ts',
    line: 'options: { compress: false, wsPreEncodedFrame: [Buffer.concat([textHeader(payload.length), payload])] },',
    change: 'false → true',
    reason: 'The sockets compress nothing, see `perMessageDeflate`.',
  },
  {
    file: 'server/src/live/board-socket.ts',
    line: '#windowEnds = 0',
    change: '0 → 1',
    reason: 'The clock has run for a millisecond before anybody connects.',
  },
  ...['leftAt', 'flags'].map((column) => ({
    file: 'server/src/engine/visit-batch.ts',
    line: `for (let i = 0; i < count; i++) into[i] = ${column}[selected[i] ?? 0] ?? 0`,
    change: '< → <=',
    reason: 'Of a batch only the first `count` rows are read.',
  })),
  {
    file: 'server/src/engine/visit-batch.ts',
    line: 'for (let i = 0; i < count; i++) into[i] = (ids[selected[i] ?? 0] ?? 0) & mask',
    change: '< → <=',
    reason: 'Of a batch only the first `count` rows are read.',
  },
  {
    file: 'server/src/identity/identity.ts',
    line: "? settingOrFirst(database, 'auth_secret', randomBytes(32).toString('base64url'))",
    change: '32 → 64',
    reason: 'A longer secret signs cookies just as well, and nobody reads it.',
  },
  {
    file: 'server/src/access/changes-routes.ts',
    line: 'const { from = 0, limit, cursor } = request.query',
    change: '0 → 1',
    reason: 'No change was made in the first millisecond of 1970.',
  },
]
