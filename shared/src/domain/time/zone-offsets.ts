/** A stretch of time in which the clocks of a zone keep their offset. */
export interface OffsetSpan {
  readonly from: number
  readonly until: number
  /** Local ms minus epoch ms. */
  readonly offsetMs: number
}

/**
 * The offsets of a zone between two instants, epoch ms; the last one is taken to last for ever.
 * @throws RangeError when the runtime does not know the zone.
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
 * The instant at which the clocks first show a local time, or a later one. A time that comes twice is thus the first
 * of the two, and a time that is skipped is the moment of the change: then the hands stand past it. Monotone, so
 * that shifts neither overlap nor leave gaps because clocks change.
 *
 * RFC 5545 places a skipped 02:30 an hour later, at 03:30, although everybody has read 03:00 by then.
 */
export function firstInstantOf(spans: readonly OffsetSpan[], localMs: number): number {
  const span = spans.find(({ until, offsetMs }) => localMs < until + offsetMs)
  return span === undefined ? Infinity : Math.max(span.from, localMs - span.offsetMs)
}
