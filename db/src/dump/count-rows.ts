const [quote, lineFeed] = [0x22, 0x0a]

/** Number of rows of a CSV text with a header, whose quoted values may contain line breaks. */
export function countRows(csv: Uint8Array): number {
  let lineCount = 0
  let isQuoted = false
  for (const byte of csv) {
    // A quote inside of a quoted value is doubled, which changes the state twice.
    if (byte === quote) isQuoted = !isQuoted
    else if (byte === lineFeed && !isQuoted) lineCount += 1
  }
  return Math.max(0, lineCount - 1)
}
