import type { EquivalentMutant } from '../find-mutants.ts'

/** Fields that the fast path for events of files copies, and how each is read if it is a time. */
const copiedFields = [
  'abandoned', 'about', 'concurrent', 'customer', 'customerClass', 'department', 'enteredAt', 'instance', 'process',
  'product', 'promisedAt', 'startedAt', 'transition', 'waybill',
].map((name) => [name, name.endsWith('At') ? `instantOf(${name})` : name] as const) // prettier-ignore

export const ofIngest: readonly EquivalentMutant[] = [
  {
    file: 'server/src/ingest/tables/table-remarks.ts',
    line: 'return this.#counts.get(code)?.count ?? 0',
    change: '0 → 1',
    reason: 'The number decides whether a remark is shown, and one without occurrences is not.',
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
]
