import { describe, expect, test } from 'vitest'
import { foldOrder } from './fold-order.ts'
import { eventLog } from './testing/event-log.ts'
import type { HistoryEntry } from './testing/event-log.ts'

const rules = { isTerminal: (stage: string) => stage === 'signed' }
const picking = { stage: 'picking' }
const packing = { stage: 'packing' }
const signed = { stage: 'signed' }

function stateOf(...history: HistoryEntry[]) {
  return foldOrder('SO-1', eventLog(...history), rules)
}

function visitsOf(...history: HistoryEntry[]) {
  return stateOf(...history)?.visits ?? []
}

describe('stage.entered', () => {
  test('opens a visit and closes the one before it', () => {
    const visits = visitsOf(['stage.entered', 10, picking], ['stage.entered', 30, packing])
    expect(visits).toEqual([
      { stage: 'picking', nth: 1, enteredAt: 10, leftAt: 30, heldMs: 0 },
      { stage: 'packing', nth: 1, enteredAt: 30, heldMs: 0 },
    ])
  })

  test('of the stage that the order is in changes who has it, and moves it on', () => {
    const visits = visitsOf(
      ['stage.entered', 10, { ...picking, actor: 'u1' }],
      ['stage.entered', 20, { ...picking, actor: 'u2' }],
      ['stage.entered', 30, picking],
    )
    const handovers = [
      { at: 10, owner: 'u1' },
      { at: 20, owner: 'u2' },
    ]
    const told = { owner: 'u2', handovers, progress: [30] }
    expect(visits).toEqual([{ stage: 'picking', nth: 1, enteredAt: 10, heldMs: 0, ...told }])
  })

  test('keeps no list of who had it while that is one from the beginning', () => {
    const visits = visitsOf(['stage.entered', 10, { ...picking, actor: 'u1' }], ['stage.started', 20, picking])
    expect(visits[0]).not.toHaveProperty('handovers')
  })

  test('of a stage that the order was in before opens a second visit', () => {
    const visits = visitsOf(['stage.entered', 1, picking], ['stage.entered', 2, packing], ['stage.entered', 3, picking])
    expect(visits.map(({ stage, nth }) => [stage, nth])).toEqual([
      ['picking', 1],
      ['packing', 1],
      ['picking', 2],
    ])
  })

  test('that arrives late takes its place by when it occurred', () => {
    const visits = visitsOf(['stage.entered', 30, packing], ['stage.entered', 10, picking])
    expect(visits[0]).toMatchObject({ stage: 'picking', enteredAt: 10, leftAt: 30 })
  })

  test('of the same instant as another applies by sequence, and by identity without one', () => {
    const numbered = visitsOf(
      ['stage.entered', 10, { ...picking, sequence: 2 }],
      ['stage.entered', 10, { ...packing, sequence: 1 }],
    )
    expect(numbered.map(({ stage }) => stage)).toEqual(['packing', 'picking'])
    const plain = visitsOf(['stage.entered', 10, picking], ['stage.entered', 10, packing])
    expect(plain.map(({ stage }) => stage)).toEqual(['picking', 'packing'])
  })
})

describe('order.assigned', () => {
  const assigned = (at: number, owner: unknown): HistoryEntry => ['order.assigned', at, { data: { owner } }]

  test('says who has the order from then on, and keeps who had it before', () => {
    const visits = visitsOf(
      ['stage.entered', 10, { ...picking, actor: 'u1' }],
      assigned(20, 'u2'),
      assigned(25, 'u2'),
      ['stage.entered', 30, packing],
    )
    const handovers = [
      { at: 10, owner: 'u1' },
      { at: 20, owner: 'u2' },
    ]
    expect(visits).toEqual([
      { stage: 'picking', nth: 1, enteredAt: 10, leftAt: 30, heldMs: 0, owner: 'u2', handovers },
      { stage: 'packing', nth: 1, enteredAt: 30, heldMs: 0 },
    ])
  })

  test('does not make its actor the owner, and is no progress', () => {
    const state = stateOf(
      ['stage.entered', 10, picking],
      ['order.assigned', 20, { actor: 'u1', data: { owner: 'u2' } }],
    )
    expect(state).toMatchObject({ lastProgressAt: 10, lastEventAt: 20, visits: [{ owner: 'u2' }] })
  })

  test('of nobody, or of an order that is in no stage, changes nothing', () => {
    expect(visitsOf(['stage.entered', 10, picking], assigned(20, ''))[0]).not.toHaveProperty('owner')
    expect(visitsOf(['stage.entered', 10, picking], ['stage.completed', 15, picking], assigned(20, 'u2'))).toEqual([
      { stage: 'picking', nth: 1, enteredAt: 10, leftAt: 15, heldMs: 0 },
    ])
  })
})

describe('stage.started', () => {
  test('ends the waiting part of the open visit, once', () => {
    const visits = visitsOf(
      ['stage.entered', 10, picking],
      ['stage.started', 20, { ...picking, actor: 'u1' }],
      ['stage.started', 30, picking],
    )
    const told = { owner: 'u1', handovers: [{ at: 20, owner: 'u1' }], progress: [30] }
    expect(visits).toEqual([{ stage: 'picking', nth: 1, enteredAt: 10, startedAt: 20, heldMs: 0, ...told }])
  })

  test('opens the visit if it is not open, without waiting', () => {
    const visits = visitsOf(['stage.entered', 10, picking], ['stage.started', 20, packing])
    expect(visits).toMatchObject([{ leftAt: 20 }, { stage: 'packing', enteredAt: 20, startedAt: 20 }])
  })
})

describe('stage.completed', () => {
  test('closes the open visit of its stage and leaves the order in no stage', () => {
    const state = foldOrder('SO-1', eventLog(['stage.entered', 10, picking], ['stage.completed', 25, picking]), rules)
    expect(state?.visits).toEqual([{ stage: 'picking', nth: 1, enteredAt: 10, leftAt: 25, heldMs: 0 }])
    expect(state?.status).toBe('open')
  })

  test('leaves a gap until the order enters the next stage', () => {
    const visits = visitsOf(
      ['stage.entered', 10, picking],
      ['stage.completed', 25, picking],
      ['stage.entered', 40, packing],
    )
    expect(visits).toMatchObject([{ leftAt: 25 }, { enteredAt: 40 }])
  })

  test('of a stage that nobody announced records a visit since the previous stage event', () => {
    const visits = visitsOf(['stage.completed', 10, picking], ['stage.completed', 35, packing])
    expect(visits).toEqual([
      { stage: 'picking', nth: 1, enteredAt: 10, leftAt: 10, heldMs: 0 },
      { stage: 'packing', nth: 1, enteredAt: 10, leftAt: 35, heldMs: 0 },
    ])
  })

  test('as the first stage event records a visit since the order was placed', () => {
    expect(visitsOf(['order.placed', 4], ['stage.completed', 10, picking])).toMatchObject([
      { enteredAt: 4, leftAt: 10 },
    ])
  })

  test('of the same stage twice records a second visit', () => {
    const visits = visitsOf(['stage.completed', 10, picking], ['stage.completed', 35, picking])
    expect(visits).toMatchObject([{ nth: 1 }, { nth: 2, enteredAt: 10, leftAt: 35 }])
  })

  test('of another stage than the open one gives the time since the last stage event to its own stage', () => {
    const visits = visitsOf(
      ['stage.entered', 10, picking],
      ['stage.started', 15, picking],
      ['stage.completed', 30, packing],
    )
    expect(visits).toMatchObject([
      { stage: 'picking', enteredAt: 10, startedAt: 15, leftAt: 15 },
      { stage: 'packing', enteredAt: 15, leftAt: 30 },
    ])
  })

  test('after the order had ended in the middle of a stage counts no time twice', () => {
    const visits = visitsOf(['stage.entered', 10, picking], ['order.completed', 20], ['stage.completed', 30, packing])
    expect(visits).toMatchObject([{ leftAt: 20 }, { stage: 'packing', enteredAt: 20, leftAt: 30 }])
  })

  test('does not make its actor the owner of the visit', () => {
    const visits = visitsOf(
      ['stage.entered', 10, { ...picking, actor: 'u1' }],
      ['stage.completed', 20, { ...picking, actor: 'u2' }],
    )
    expect(visits[0]?.owner).toBe('u1')
  })

  test.for([
    [18, 18],
    [3, 10],
    [99, 25],
  ])('that says work began at %d sets the start to %d, within the visit', ([told, startedAt]) => {
    const visits = visitsOf(
      ['stage.entered', 10, picking],
      ['stage.completed', 25, { ...picking, data: { startedAt: told } }],
    )
    expect(visits[0]?.startedAt).toBe(startedAt)
  })
})

describe('a terminal stage', () => {
  test('completes the order on arrival with a visit of no length', () => {
    const state = foldOrder('SO-1', eventLog(['stage.entered', 10, picking], ['stage.entered', 30, signed]), rules)
    expect(state).toMatchObject({ status: 'completed', endedAt: 30 })
    expect(state?.visits).toMatchObject([{ leftAt: 30 }, { stage: 'signed', enteredAt: 30, leftAt: 30 }])
  })

  test('that reports its completion records its visit and completes the order', () => {
    const state = foldOrder('SO-1', eventLog(['stage.completed', 10, picking], ['stage.completed', 30, signed]), rules)
    expect(state).toMatchObject({ status: 'completed', endedAt: 30 })
    expect(state?.visits[1]).toMatchObject({ stage: 'signed', enteredAt: 10, leftAt: 30 })
  })

  test('that reports again does not open the order again', () => {
    const history: HistoryEntry[] = [
      ['stage.entered', 30, signed],
      ['stage.started', 31, signed],
      ['stage.completed', 32, signed],
    ]
    const state = foldOrder('SO-1', eventLog(...history), rules)
    expect(state).toMatchObject({ status: 'completed', endedAt: 30, reopenedCount: 0 })
    expect(state?.visits).toHaveLength(1)
  })

  test('that is reached again after a return completes the order again', () => {
    const history: HistoryEntry[] = [
      ['stage.entered', 30, signed],
      ['stage.entered', 40, picking],
      ['stage.entered', 50, signed],
    ]
    const state = foldOrder('SO-1', eventLog(...history), rules)
    expect(state).toMatchObject({ status: 'completed', endedAt: 50, reopenedCount: 1 })
    expect(state?.visits[2]).toMatchObject({ stage: 'signed', nth: 2 })
  })
})

describe('the reason of a visit', () => {
  test('is what the last note or hold within it said', () => {
    const visits = visitsOf(
      ['stage.entered', 10, picking],
      ['order.held', 11, { data: { reason: 'out of stock' } }],
      ['note.added', 12, { data: { text: 'supplier called' } }],
      ['note.added', 13, { data: { reason: '' } }],
      ['stage.entered', 20, packing],
    )
    expect(visits.map(({ reason }) => reason)).toEqual(['supplier called', undefined])
  })
})

describe('what an order waits for', () => {
  test('is what the last event said that named a cause, and unknown causes say nothing', () => {
    const visits = visitsOf(
      ['stage.entered', 10, { ...picking, data: { waitingFor: 'material' } }],
      ['note.added', 20, { data: { waitingFor: 'the weather' } }],
      ['note.added', 30, { data: { waitingFor: 'approval' } }],
      ['order.held', 40, { data: { waitingFor: 'approval' } }],
    )
    expect(visits[0]?.waits).toEqual([
      { at: 10, cause: 'material' },
      { at: 30, cause: 'approval' },
    ])
  })
})
