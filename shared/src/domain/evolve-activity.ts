import { endHold } from './end-order.ts'
import type { FoldDraft } from './evolve-visits.ts'
import {
  addVisit,
  changeAttributes,
  closedVisit,
  newVisit,
  nextNth,
  openVisit,
  placeVisit,
  waitingVisit,
} from './evolve-visits.ts'
import { attributesAtStage } from './order-attributes.ts'
import { inDepartment, ownedVisit, unaccountedSince, visitAsSeen, workedVisit } from './visit-facts.ts'
import type { ActivityUnderWay, FoldState } from './fold-state.ts'
import { heldMsWithin } from './holds.ts'
import type { OrderEvent } from './order-event.ts'
import type { StageVisit } from './stage-visit.ts'

/** No order is in progress in more places; a source that never reports an end would otherwise fill the memory. */
const mostUnderWay = 100

/**
 * Whether a stage event belongs to one of several concurrent activities, and so does not affect the other stages of its
 * order. Without this flag the order is in one stage at a time.
 */
export function isConcurrent({ data }: OrderEvent): boolean {
  return data['concurrent'] === true
}

/**
 * The order after an event of one of several concurrent activities. The most recent open one is the current visit. Each
 * has one visit, from when it was entered to when it was completed.
 */
export function evolveActivity(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  // The start or end of work implies that the suspended activity was resumed.
  const going = state.isSuspended && event.type !== 'stage.entered' ? endHold(state, event.occurredAt) : state
  return event.type === 'stage.completed' ? endActivity(going, stage, event) : beginActivity(going, stage, event)
}

/** All open activities, the current visit last. */
function underWayOf(state: FoldDraft): ActivityUnderWay[] {
  const visit = openVisit(state)
  const others = [...(state.underWay ?? [])]
  if (visit !== undefined)
    others.push({ visit, ...(state.openInstance !== undefined && { instance: state.openInstance }) })
  return others
}

function beginActivity(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  const known = changeAttributes(state, attributesAtStage(event.data))
  const all = underWayOf(known)
  const instance = instanceOf(event)
  const isStart = event.type === 'stage.started'
  const fits = (activity: ActivityUnderWay) => isOf(activity, stage, instance)
  const waiting = all.findIndex((activity) => fits(activity) && activity.visit.startedAt === undefined)
  // An instance that is started again is already in progress; a start without an instance is another activity.
  const index = waiting < 0 && (!isStart || instance !== undefined) ? all.findIndex(fits) : waiting
  const [found] = index < 0 ? [] : all.splice(index, 1)
  const before = found?.visit ?? newVisit(known, stage, at)
  const owned = waitingVisit(ownedVisit(inDepartment(before, event), event.actor, at), event)
  const visit = isStart ? { ...owned, startedAt: before.startedAt ?? at } : owned
  const begun = { visit, ...(instance !== undefined && { instance }) }
  const isMoved = found === undefined || (isStart && before.startedAt === undefined)
  all.splice(isMoved ? all.length : index, 0, begun)
  return withUnderWay(known, all, at)
}

function endActivity(state: FoldDraft, stage: string, event: OrderEvent): FoldDraft {
  const at = event.occurredAt
  const known = changeAttributes(state, attributesAtStage(event.data))
  const all = underWayOf(known)
  const index = endingIndex(all, stage, event)
  const [found] = index < 0 ? [] : all.splice(index, 1)
  if (found !== undefined) {
    const rest = withUnderWay(known, all, at)
    const ended = workedVisit(closedVisit(rest, visitAsSeen(found.visit, event), at), event)
    return placeVisit(rest, isAbandoned(event) ? { ...ended, cancelled: true } : ended)
  }
  if (isAbandoned(event)) return known
  const reportedAt = event.data['enteredAt']
  const enteredAt = Math.min(at, typeof reportedAt === 'number' ? reportedAt : (unaccountedSince(known) ?? at))
  const visit = workedVisit(closedVisit(known, newVisit(known, stage, enteredAt), at), event)
  return placeVisit({ ...known, firstAt: Math.min(known.firstAt, enteredAt) }, visit)
}

/**
 * The activity that an event ends: the one that began at the time given by the event, else the one with its instance,
 * else the first one that was started among those in the stage.
 */
function endingIndex(all: readonly ActivityUnderWay[], stage: string, event: OrderEvent): number {
  const reportedAt = event.data['enteredAt']
  const fits = (activity: ActivityUnderWay) => isOf(activity, stage, instanceOf(event))
  if (typeof reportedAt === 'number')
    return all.findIndex(
      (activity) => fits(activity) && (activity.visit.startedAt ?? activity.visit.enteredAt) === reportedAt,
    )
  const atWork = all.findIndex((activity) => fits(activity) && activity.visit.startedAt !== undefined)
  return atWork < 0 ? all.findIndex(fits) : atWork
}

/** The order with these open activities, the last of which is the current visit. */
function withUnderWay(state: FoldDraft, all: readonly ActivityUnderWay[], at: number): FoldDraft {
  if (openVisit(state) !== undefined) state.visits.pop()
  const { underWay: _, openInstance: _openInstance, ...rest } = state
  const tooMany = all.slice(0, -mostUnderWay)
  for (const { visit } of tooMany) placeVisit(rest, closedVisit(rest, visit, at))
  const others = all.slice(tooMany.length)
  const last = others.pop()
  if (last === undefined) return rest
  const { visit, instance } = last
  addVisit(rest, heldVisit(rest, visit, at))
  return {
    ...rest,
    ...(others.length > 0 && { underWay: others }),
    ...(instance !== undefined && { openInstance: instance }),
  }
}

/** The visit as the current one, including the order's holds so far. */
function heldVisit(state: FoldState, { heldSince: _, ...visit }: StageVisit, at: number): StageVisit {
  const { holds, heldSince } = state
  const heldMs = heldMsWithin({ holds }, visit.enteredAt, at)
  const nth = nextNth(state, visit.stage)
  return { ...visit, nth, heldMs, ...(heldSince !== undefined && { heldSince: Math.max(heldSince, visit.enteredAt) }) }
}

function isOf({ visit, instance: of }: ActivityUnderWay, stage: string, instance: string | undefined): boolean {
  return visit.stage === stage && (instance === undefined || of === undefined || of === instance)
}

function instanceOf({ data: { instance } }: OrderEvent): string | undefined {
  return typeof instance === 'string' && instance !== '' ? instance : undefined
}

/** It ended without having been done: withdrawn, skipped, aborted. */
export function isAbandoned({ data }: OrderEvent): boolean {
  return data['abandoned'] === true
}
