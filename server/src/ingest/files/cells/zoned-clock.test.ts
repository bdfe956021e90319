import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { propertyRuns } from '@stagewatch/shared/domain/testing/property-runs.ts'
import { ZonedClock } from './zoned-clock.ts'

const zones = ['Asia/Shanghai', 'Europe/Berlin', 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Africa/Casablanca']
const clocks = new Map(zones.map((zone) => [zone, new ZonedClock(zone)]))
const minuteMs = 60_000

/** Resolves a local time with Temporal, once per disambiguation. */
function exact(zone: string, localMs: number) {
  const local = Temporal.Instant.fromEpochMilliseconds(localMs).toZonedDateTimeISO('UTC').toPlainDateTime()
  const [earlier, later, usual] = (['earlier', 'later', 'compatible'] as const).map((disambiguation) =>
    local.toZonedDateTime(zone, { disambiguation }),
  )
  if (earlier?.epochMilliseconds === later?.epochMilliseconds) return usual?.epochMilliseconds
  const isFold = earlier?.toPlainDateTime().equals(local) === true
  const at = usual?.epochMilliseconds
  return isFold ? { doubt: 'fold', at, laterAt: later?.epochMilliseconds } : { doubt: 'gap', at, laterAt: at }
}

/** Half of the times are within hours of a clock change. */
const localTime = fc.constantFrom(...zones).chain((zone) => {
  const change = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2037, 0, 1) }).map((ms) => {
    const next = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).getTimeZoneTransition('next')
    return next === null ? ms : next.epochMilliseconds + next.offsetNanoseconds / 1_000_000
  })
  return fc.record({ zone: fc.constant(zone), change, minutes: fc.integer({ min: -200, max: 200 }) })
})

test('every local time is what Temporal makes of it, also when it was skipped or came twice', () => {
  fc.assert(
    fc.property(localTime, ({ zone, change, minutes }) => {
      const localMs = change + minutes * minuteMs
      expect(clocks.get(zone)?.resolve(localMs)).toEqual(exact(zone, localMs))
    }),
    propertyRuns,
  )
})
