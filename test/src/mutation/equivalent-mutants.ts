/** A change that does not alter the program's behaviour, so no test can detect it. */
export interface EquivalentMutant {
  readonly file: string
  /** The trimmed source line. */
  readonly line: string
  /** The change as printed by the run. */
  readonly change: string
  readonly reason: string
}

/** Fields that the fast path for events of files copies, and how each is read if it is a time. */
const copiedFields = [
  'abandoned', 'about', 'concurrent', 'customer', 'customerClass', 'department', 'enteredAt', 'instance', 'process',
  'product', 'promisedAt', 'startedAt', 'transition', 'waybill',
].map((name) => [name, name.endsWith('At') ? `instantOf(${name})` : name] as const) // prettier-ignore

export const equivalentMutants: readonly EquivalentMutant[] = [
  {
    file: 'server/src/rules/draft-routes.ts',
    line: 'const asked = { after: -1, before: cursor, limit: limit + 1, subject: request.params.code }',
    change: '1 → 2',
    reason: 'Two rows more than the page holds say the same as one.',
  },
  {
    file: 'server/src/rules/release-draft.ts',
    line: 'const question = { after: -1, limit: 1, subject: process, actions: processChanges }',
    change: '-1 → 1',
    reason: 'Nothing was changed in the first millisecond of 1970.',
  },
  {
    file: 'server/src/rules/site-calendars.ts',
    line: 'if (known !== undefined && known.current <= at && at < (known.next ?? -Infinity)) return known',
    change: '<= → <',
    reason: 'The same shifts are found once more.',
  },
  {
    file: 'server/src/log/append-events.ts',
    line: 'const entries = [...first.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)',
    change: 'a < b → !(a < b)',
    reason: 'All server instances still insert in one and the same order.',
  },
  ...['?? → &&', '0 → 1'].map((change) => ({
    file: 'server/src/screens/screen-tokens.ts',
    line: 'if (tokenIssuedAt === undefined || tokenIssuedAt > oldAt || (nextTokenIssuedAt ?? 0) > lostAt) return undefined',
    change,
    reason: 'The statement that stores the token checks the time of the last one again.',
  })),
  {
    file: 'server/src/live/live-query.ts',
    line: '#version = 0',
    change: '0 → 1',
    reason: 'Versions are only compared with each other.',
  },
  {
    file: 'server/src/ingest/tables/table-remarks.ts',
    line: 'return this.#counts.get(code)?.count ?? 0',
    change: '0 → 1',
    reason: 'The number decides whether a remark is shown, and one without occurrences is not.',
  },
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
    file: 'server/src/engine/dwell-histogram.ts',
    line: 'if (taken > 0) this.#counts[i + shift] = (this.#counts[i + shift] ?? 0) - taken',
    change: '> → >=',
    reason: 'Nothing is taken from a bucket, and a typed array ignores a write to a bucket that it does not have.',
  },
  {
    file: 'server/src/engine/sum-table.ts',
    line: 'for (let outcome = 0; outcome < outcomes; outcome++)',
    change: '< → <=',
    reason: 'What is written beyond the cell is overwritten with the next name, and ignored after the last one.',
  },
  {
    file: 'server/src/engine/time-columns.ts',
    line: 'for (const start of starts) step = commonDivisor(start - (starts[0] ?? 0), step)',
    change: '0 → 1',
    reason: 'The fallback is never used, and steps that are found from another start only make the search slower.',
  },
  {
    file: 'server/src/engine/visit-store.ts',
    line: 'this.#free = this.#chunk(id).columns.order[id % rowsPerChunk] ?? 0',
    change: '0 → 1',
    reason: 'A chunk has a value for each of its rows, so the fallback is never used.',
  },
  {
    file: 'server/src/projection/order-thread.ts',
    line: 'const maxWaiting = 3',
    change: '3 → 4',
    reason: 'One more page waits, and the same orders are read.',
  },
  ...['unknown.length > 0 && tx.query(deleteVisits, [site, unknown]),', 'surplus.length > 0 &&'].map((line) => ({
    file: 'server/src/projection/save-visits.ts',
    line,
    change: '> → >=',
    reason: 'A statement that lists no order deletes nothing.',
  })),
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
    file: 'server/src/engine/time-columns.ts',
    line: 'while (day < to) {',
    change: '< → <=',
    reason: 'A day that begins with the end has no span before it.',
  },
  {
    file: 'server/src/boards/list-orders.ts',
    line: 'const isNewer = dueAt > at || (dueAt === at && newest !== undefined && compareUrgency(ranked, newest) < 0)',
    change: '< → <=',
    reason: 'No two orders are equally urgent, because their numbers differ.',
  },
  {
    file: 'server/src/engine/visit-columns.ts',
    line: 'constructor(memory = new SharedArrayBuffer(2 * Uint16Array.BYTES_PER_ELEMENT * rowsPerChunk)) {',
    change: '2 → 3',
    reason: 'The memory beyond the two columns is not used.',
  },
  {
    file: 'server/src/boards/engine-timer.ts',
    line: 'this.#cancel = undefined',
    change: 'this.#cancel = undefined → ;',
    reason: 'Cancelling a timer once more does nothing.',
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
    file: 'server/src/ingest/files/find-time-columns.ts',
    line: 'counts.set(form, (counts.get(form) ?? 0) + 1)',
    change: '1 → 2',
    reason: 'Counts are only compared with each other, and twice all of them compare the same.',
  },
  {
    file: 'server/src/ingest/files/find-time-columns.ts',
    line: 'const plain = readPlainTime(text, utc, false)',
    change: 'false → true',
    reason: 'The beginning and the end of a day are both a day.',
  },
  {
    file: 'server/src/ingest/files/cells/clean-cell.ts',
    line: 'return text.length <= this.#maxLength && this.#firstUnits.has(text.charCodeAt(0))',
    change: '&& → ||',
    reason: 'More texts are looked up among the words, and none more is found.',
  },
  ...[
    'if (this.#offsetMs.size >= maxCachedHours) this.#offsetMs.clear()',
    'if (this.#minutes.size >= maxCachedMinutes) this.#minutes.clear()',
  ].map((line) => ({
    file: 'server/src/ingest/files/cells/zoned-clock.ts',
    line,
    change: '>= → >',
    reason: 'One entry more is kept.',
  })),
  ...[
    ['if (text.length > maxLength) return text', '> → >='],
    ['if (this.#texts.size < maxTexts) this.#texts.set(text, text)', '< → <='],
  ].map(([line = '', change = '']) => ({
    file: 'server/src/ingest/files/shared-texts.ts',
    line,
    change,
    reason: 'One text more or less is kept once.',
  })),
  ...[
    ['if (!Object.hasOwn(data, name) && said[name as keyof FileEventData] !== undefined) return undefined', '&& → ||'],
    ['return text.length <= limit && plainIdentifier.test(text)', '<= → <'],
    ["return value.length <= eventLimits.factText && !value.includes('\\0') && value.isWellFormed()", '<= → <'],
  ].map(([line = '', change = '']) => ({
    file: 'server/src/ingest/files/parse-file-event.ts',
    line,
    change,
    reason: 'The full parser makes the same event, and takes longer.',
  })),
  ...copiedFields.flatMap(([name, value]) => {
    // A time that is missing cannot be read.
    const ofCondition = value === name ? ['!== → ===', `${name} !== undefined → !(${name} !== undefined)`] : []
    return [...ofCondition, `data['${name}'] = ${value} → ;`].map((change) => ({
      file: 'server/src/ingest/files/parse-file-event.ts',
      line: `if (${name} !== undefined) data['${name}'] = ${value}`,
      change,
      reason: 'The full parser makes the same event, and takes longer.',
    }))
  }),
  {
    file: 'server/src/ingest/files/row-cells.ts',
    line: 'if (cells.length <= width) return undefined',
    change: '<= → <',
    reason: 'A row that is as wide as the header has no cell beyond it.',
  },
  {
    file: 'server/src/ingest/files/row-direction.ts',
    line: 'export const directionUnknown: DirectionFound = { orderVotes: 0, neighbourVotes: 0, pairs: [] }',
    change: '0 → 1',
    reason: 'A file whose direction is unknown is read downward either way.',
  },
  ...['0 → 1', '4 → 5'].map((change) => ({
    file: 'server/src/ingest/files/order-lines.ts',
    line: 'if (this.#seen.add(digest.readUInt32LE(0), digest.readUInt32LE(4)) === 1) return',
    change,
    reason: 'Other bytes of the digest tell orders apart as well.',
  })),
  {
    file: 'server/src/ingest/files/tie-order.ts',
    line: 'if (place >= 0) {',
    change: '>= → >',
    reason: 'The first instant is noted once more, and the last note of an instant counts.',
  },
  {
    file: 'server/src/ingest/tables/cell-splitter.ts',
    line: 'if (close > 0 && (close + 1 === line.length || line[close + 1] === delimiter)) {',
    change: '> → >=',
    reason: 'A quote that closes is never the first character.',
  },
  {
    file: 'server/src/ingest/tables/byte-source.ts',
    line: 'if (length >= headBytes) break',
    change: '>= → >',
    reason: 'One more piece is read, and cut off.',
  },
  {
    file: 'server/src/ingest/tables/byte-patterns.ts',
    line: 'for (let i = 0; i < bytes.length; i++) {',
    change: '< → <=',
    reason: 'Beyond the last byte there is none that ASCII lacks.',
  },
  ...['#rest = Buffer.alloc(0)', 'this.#rest = Buffer.alloc(0)'].map((line) => ({
    file: 'server/src/ingest/tables/byte-patterns.ts',
    line,
    change: '0 → 1',
    reason: 'A NUL byte is a character of ASCII, which tells nothing.',
  })),
  ...[
    'const trail = bytes[i + 1] ?? 0',
    'score.add(shiftJisWeight(lead, bytes[i + 1] ?? 0) * (isLetterOfWord ? 0.3 : 1))',
    'for (let k = 1; k <= more; k++) good &&= ((bytes[i + k] ?? 0) & 0xc0) === 0x80',
  ].map((line) => ({
    file: 'server/src/ingest/tables/byte-patterns.ts',
    line,
    change: '0 → 1',
    reason: 'Neither is a further byte of a character.',
  })),
  {
    file: 'server/src/ingest/tables/csv-dialect.ts',
    line: 'for (let lineCount = 1; lineCount <= maxLines && at + lineCount <= lines.length; lineCount++)',
    change: '+ → -',
    reason: 'Lines beyond the last one are empty, and close no quote.',
  },
  {
    file: 'server/src/screens/answer-pairing.ts',
    line: 'const counts = { version: 0, identifyCount: 0, reloadCount: 0 }',
    change: '0 → 1',
    reason: 'A screen reacts to changes of these counts only.',
  },
  {
    file: 'server/src/engine/dwell-histogram.ts',
    line: 'const lowest = length === 0 || from < this.#firstBucket ? Math.max(0, from - room) : this.#firstBucket',
    change: '0 → 1',
    reason: 'More buckets are kept, with the same counts.',
  },
  {
    file: 'server/src/ingest/files/cells/clean-cell.ts',
    line: "const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')",
    change: '0 → 1',
    reason: 'A match has a character.',
  },
  {
    file: 'server/src/ingest/tables/detect-quotes.ts',
    line: "if (stray + swallowed + unclosed > maxBroken || (dialect.quote !== 'double' && rows.account.misfits > 0))",
    change: '0 → 1',
    reason: 'More of the file is read, and it is still refused.',
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
    file: 'shared/src/domain/stage-visit.ts',
    line: 'for (let i = visits.length - 1; i > 0; i--) {',
    change: '> → >=',
    reason: 'The first visit is not entered before itself.',
  },
]
