import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { calendarOf } from '../time/calendar-of.ts'
import { plantCalendar } from '../time/testing/plant-calendar.ts'
import {
  acknowledge,
  endAcknowledgement,
  endHandOver,
  newLadder,
  nextLadderAction,
  snooze,
  startHandOver,
  takeStep,
} from './alert-ladder.ts'
import type { LadderState } from './alert-ladder.ts'

const [minute, hour] = [60_000, 3_600_000]
const at = (text: string) => Date.parse(`${text}+08:00`)
const office = calendarOf(plantCalendar({ holidays: [{ date: '2026-10-01', name: {}, working: false }] }))
const steps = [0, 30 * minute, 4 * hour].map((afterMs) => ({ afterMs, to: [{ kind: 'owner' as const }] }))
const rule = { ladder: steps, severity: 'warning' as const, acknowledgedForMs: 8 * hour }

const next = (state: LadderState, of: Parameters<typeof nextLadderAction>[0] = rule) =>
  nextLadderAction(of, state, office)

describe('the ladder of an alert', () => {
  it('climbs by working time over lunch, the night and a holiday', () => {
    // A Wednesday; Thursday is a holiday.
    let state = newLadder(at('2026-09-30T11:45'))
    expect(next(state)).toEqual({ kind: 'step', step: 0, at: at('2026-09-30T11:45') })
    state = takeStep(state)
    expect(next(state)).toEqual({ kind: 'step', step: 1, at: at('2026-09-30T13:15') })
    state = takeStep(state)
    expect(next(state)).toEqual({ kind: 'step', step: 2, at: at('2026-09-30T16:45') })
    expect(next(takeStep(state))).toBeUndefined()
    const late = takeStep(takeStep(newLadder(at('2026-09-30T16:00'))))
    expect(next(late)).toEqual({ kind: 'step', step: 2, at: at('2026-10-02T11:00') })
  })

  it('does not wait for working time where it is critical', () => {
    const critical = { ...rule, severity: 'critical' as const }
    const state = takeStep(newLadder(at('2026-09-30T23:00')))
    expect(next(state, critical)).toEqual({ kind: 'step', step: 1, at: at('2026-09-30T23:30') })
  })

  it('stops when it is acknowledged, and starts again if nothing was done', () => {
    const state = acknowledge(rule, takeStep(newLadder(at('2026-09-28T08:00'))), office, at('2026-09-28T09:00'), 'Li')
    expect(next(state)).toEqual({ kind: 'acknowledgementEnds', at: at('2026-09-29T09:00') })
    const anew = endAcknowledgement(rule, state, office, at('2026-09-29T09:00'), undefined)
    expect(next(anew)).toEqual({ kind: 'step', step: 0, at: at('2026-09-29T09:00') })
    expect(anew).toMatchObject({ round: 2, stepsDone: 0 })
    expect(anew.acknowledged).toBeUndefined()
  })

  it('lets an acknowledgement hold for as long again from what was done since', () => {
    const state = acknowledge(rule, newLadder(at('2026-09-28T08:00')), office, at('2026-09-28T09:00'))
    const held = endAcknowledgement(rule, state, office, at('2026-09-29T09:00'), at('2026-09-28T16:00'))
    expect(next(held)).toEqual({ kind: 'acknowledgementEnds', at: at('2026-09-29T16:00') })
    // Activity before the acknowledgement does not extend it.
    const before = endAcknowledgement(rule, state, office, at('2026-09-29T09:00'), at('2026-09-28T08:30'))
    expect(before.acknowledged).toBeUndefined()
  })

  it('notifies the last recipient again after a snooze, and continues from there', () => {
    const told = takeStep(takeStep(newLadder(at('2026-09-28T08:00'))))
    const later = snooze(rule, told, at('2026-09-29T08:00'))
    expect(next(later)).toEqual({ kind: 'step', step: 1, at: at('2026-09-29T08:00') })
    expect(next(takeStep(later))).toEqual({ kind: 'step', step: 2, at: at('2026-09-29T11:30') })
  })

  describe('that is handed over', () => {
    // A Wednesday; Thursday is a holiday.
    const told = takeStep(newLadder(at('2026-09-30T16:00')))
    const offer = (time: string) => ({ toId: 'li', toName: 'Li', byId: 'ada', byName: 'Ada', at: at(time) })

    it('waits for the answer in working time, over a holiday', () => {
      const state = startHandOver(rule, told, office, offer('2026-09-30T16:20'), hour)
      expect(next(state)).toEqual({ kind: 'handOverEnds', at: at('2026-10-02T08:20') })
      expect(state).toMatchObject({ stepsDone: 1, handOverCount: 1 })
    })

    it('resumes with the delay that was left when nobody accepts', () => {
      // 10 of the 30 minutes until the next step are left.
      const state = startHandOver(rule, told, office, offer('2026-09-30T16:20'), hour)
      const resumed = endHandOver(rule, state, office, at('2026-10-02T08:20'))
      expect(resumed.handOver).toBeUndefined()
      expect(next(resumed)).toEqual({ kind: 'step', step: 1, at: at('2026-10-02T08:30') })
      // A refusal in the evening: the delay starts to elapse in the morning.
      const refused = endHandOver(rule, state, office, at('2026-09-30T20:00'))
      expect(next(refused)).toEqual({ kind: 'step', step: 1, at: at('2026-10-02T08:10') })
    })

    it('does not wait for working time where it is critical', () => {
      const critical = { ...rule, severity: 'critical' as const }
      const state = startHandOver(critical, told, office, offer('2026-09-30T16:20'), hour)
      expect(next(state, critical)).toEqual({ kind: 'handOverEnds', at: at('2026-09-30T17:20') })
      const resumed = endHandOver(critical, state, office, at('2026-09-30T17:20'))
      expect(next(resumed, critical)).toEqual({ kind: 'step', step: 1, at: at('2026-09-30T17:30') })
    })

    it('keeps the end of a snooze, and of an acknowledgement, when nobody accepts', () => {
      const snoozed = snooze(rule, told, at('2026-10-02T10:00'))
      const offered = startHandOver(rule, snoozed, office, offer('2026-10-02T08:00'), hour)
      const still = endHandOver(rule, offered, office, at('2026-10-02T09:00'))
      expect(next(still)).toEqual({ kind: 'step', step: 0, at: at('2026-10-02T10:00') })
      const over = endHandOver(rule, offered, office, at('2026-10-02T11:00'))
      expect(next(over)?.at).toBeLessThanOrEqual(at('2026-10-02T11:00'))
      const had = acknowledge(rule, told, office, at('2026-09-30T16:10'), 'Ada')
      const returned = endHandOver(
        rule,
        startHandOver(rule, had, office, offer('2026-09-30T16:20'), hour),
        office,
        at('2026-10-02T08:20'),
      )
      expect(returned).toEqual({ ...had, handOverCount: 1, skippedMs: returned.skippedMs })
      expect(next(returned)).toEqual(next(had))
    })

    it('ends when somebody acknowledges or snoozes it', () => {
      const state = startHandOver(rule, told, office, offer('2026-09-30T16:20'), hour)
      expect(acknowledge(rule, state, office, at('2026-09-30T16:30'), 'Li').handOver).toBeUndefined()
      expect(snooze(rule, state, at('2026-10-02T08:00')).handOver).toBeUndefined()
    })
  })
})

test('a ladder that was handed over in vain any number of times has lost exactly the time of the offers', () => {
  const offers = fc.array(
    fc.record({ afterMs: fc.integer({ min: 1, max: 20 * hour }), forMs: fc.integer({ min: 0, max: 60 * hour }) }),
    { minLength: 1, maxLength: 5 },
  )
  const severities = fc.constantFrom('warning' as const, 'critical' as const)
  fc.assert(
    fc.property(offers, fc.constantFrom(alwaysOpen, office), severities, (all, calendar, severity) => {
      const of = { ...rule, severity, ladder: [{ afterMs: 40 * hour, to: [] }] }
      const clock = severity === 'critical' ? alwaysOpen : calendar
      let now = at('2026-09-28T08:00')
      let state = newLadder(now)
      let leftMs = 40 * hour
      for (const { afterMs, forMs } of all) {
        const from = now
        now += afterMs
        if ((nextLadderAction(of, state, calendar)?.at ?? Infinity) <= now) return
        leftMs -= clock.workingMs(from, now)
        state = startHandOver(of, state, calendar, { toId: 'li', toName: 'Li', byName: 'Ada', at: now }, hour)
        now += forMs
        state = endHandOver(of, state, calendar, now)
        const due = nextLadderAction(of, state, calendar)
        expect(due?.kind).toBe('step')
        expect(due?.at).toBe(clock.instantAfter(now, leftMs))
      }
    }),
    propertyRuns,
  )
})

const doings = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 * hour }) }),
    fc.record({ do: fc.constant('acknowledge' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
    fc.record({ do: fc.constant('snooze' as const), ms: fc.integer({ min: 1, max: 60 * hour }) }),
    fc.record({ do: fc.constant('work' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
    fc.record({ do: fc.constant('handOver' as const), ms: fc.integer({ min: 1, max: 30 * hour }) }),
    fc.record({ do: fc.constant('accept' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
    fc.record({ do: fc.constant('decline' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
  ),
  { maxLength: 20 },
)

test('nobody is notified during a snooze, an acknowledgement or a hand-over, no step runs twice in a round, and none is skipped', () => {
  fc.assert(
    fc.property(doings, fc.constantFrom(alwaysOpen, office), (all, calendar) => {
      let now = at('2026-09-28T08:00')
      let state = newLadder(now)
      let quietUntil = -Infinity
      let doneAt: number | undefined
      const told: string[] = []
      const faults: string[] = []
      const letPass = (until: number) => {
        for (let action = nextLadderAction(rule, state, calendar); ; action = nextLadderAction(rule, state, calendar)) {
          if (action === undefined || action.at > until) break
          if (action.kind === 'step') {
            if (state.handOver !== undefined) faults.push(`told during a hand-over, step ${action.step}`)
            if (action.at < quietUntil) faults.push(`told while it was quiet, step ${action.step}`)
            told.push(`${state.round}/${action.step}`)
            state = takeStep(state)
          } else if (action.kind === 'handOverEnds') {
            state = endHandOver(rule, state, calendar, action.at)
          } else {
            state = endAcknowledgement(rule, state, calendar, action.at, doneAt)
            // The acknowledgement ends or is extended; otherwise the simulation would not advance.
            if ((state.acknowledged?.until ?? Infinity) <= action.at) faults.push('an acknowledgement ends for ever')
            quietUntil = state.acknowledged?.until ?? action.at
          }
        }
        now = until
      }
      for (const one of all) {
        letPass(now + one.ms)
        if (one.do === 'acknowledge') {
          state = acknowledge(rule, state, calendar, now)
          quietUntil = state.acknowledged?.until ?? now
        } else if (one.do === 'snooze') {
          state = snooze(rule, state, now + one.ms)
          quietUntil = now + one.ms
        } else if (one.do === 'work') doneAt = now
        else if (one.do === 'handOver' && state.handOver === undefined) {
          state = startHandOver(rule, state, calendar, { toId: 'li', toName: 'Li', byName: 'Ada', at: now }, one.ms)
        } else if (one.do === 'accept' && state.handOver !== undefined) {
          state = acknowledge(rule, state, calendar, now, state.handOver.toName)
          quietUntil = state.acknowledged?.until ?? now
        } else if (one.do === 'decline') state = endHandOver(rule, state, calendar, now)
      }
      letPass(now + 400 * 24 * hour)
      expect(faults).toEqual([])
      expect(new Set(told).size).toBe(told.length)
      // Regardless of what happened before, the last round reaches the last step unless somebody keeps responding.
      expect(told.at(-1)).toBe(`${state.round}/${steps.length - 1}`)
    }),
    propertyRuns,
  )
})
