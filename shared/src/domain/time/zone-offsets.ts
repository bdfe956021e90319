/** A span of time in which the offset of a zone is constant. */
export interface OffsetSpan {
  readonly from: number
  readonly until: number
  /** Local ms minus epoch ms. */
  readonly offsetMs: number
}

/**
 * The offsets of a zone between two instants, epoch ms; the last span is unbounded.
 * @throws RangeError if the runtime does not support the zone.
 */
export function zoneOffsets(timeZone: string, from: number, to: number): readonly OffsetSpan[] {
  const spans: OffsetSpan[] = []
  let since = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(timeZone)
  for (;;) {
    const change = since.getTimeZoneTransition('next')
    const until = change !== null && change.epochMilliseconds < to ? change.epochMilliseconds : Infinity
    spans.push({ from: since.epochMilliseconds, until, offsetMs: since.offsetNanoseconds / 1e6 })
    if (change === null || until === Infinity) return spans
    since = change
  }
}

/**
 * The first instant at which the clocks show a local time, or a later one. Of a time that occurs twice it is the first,
 * and for a skipped time it is the moment of the change, after which the clocks show a later time. It is monotone, so
 * clock changes cause neither overlaps nor gaps between shifts.
 *
 * RFC 5545 resolves a skipped 02:30 to an hour later, 03:30, although clocks have already shown 03:00 by then.
 */
export function firstInstantOf(spans: readonly OffsetSpan[], localMs: number): number {
  const span = spans.find(({ until, offsetMs }) => localMs < until + offsetMs)
  return span === undefined ? Infinity : Math.max(span.from, localMs - span.offsetMs)
}
