import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { propertyRuns } from '../testing/property-runs.ts'
import { alwaysOpen } from '../time/always-open.ts'
import { calendarOf } from '../time/calendar-of.ts'
import { plantCalendar } from '../time/testing/plant-calendar.ts'
import { acknowledge, endAcknowledgement, newLadder, nextLadderAction, snooze, takeStep } from './alert-ladder.ts'
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
})

const doings = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 30 * hour }) }),
    fc.record({ do: fc.constant('acknowledge' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
    fc.record({ do: fc.constant('snooze' as const), ms: fc.integer({ min: 1, max: 60 * hour }) }),
    fc.record({ do: fc.constant('work' as const), ms: fc.integer({ min: 0, max: 10 * hour }) }),
  ),
  { maxLength: 20 },
)

test('nobody is notified during a snooze or an acknowledgement, no step runs twice in a round, and none is skipped', () => {
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
            if (action.at < quietUntil) faults.push(`told while it was quiet, step ${action.step}`)
            told.push(`${state.round}/${action.step}`)
            state = takeStep(state)
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
