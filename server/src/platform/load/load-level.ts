import { shedWork } from '@stagewatch/shared/contract/server-status.ts'
import type { ShedWork } from '@stagewatch/shared/contract/server-status.ts'

/** The load at one moment. */
export interface LoadSample {
  /** How late a timer of the main thread fired, ms. */
  readonly lagMs: number
  /** How long a new connection waited until it was accepted, ms. */
  readonly acceptMs: number
  /** Number of requests or statements that are waiting for their answer, whichever are more. */
  readonly waiting: number
  /** Used share of the memory that the process may have, 0..1. */
  readonly memoryRatio: number
}

/** From these values on, the load is too high. */
export const loadLimits = { lagMs: 200, acceptMs: 500, waiting: 200 } as const
/**
 * With fewer waiting requests, a slow main thread has another reason than demand, such as other programs that take the
 * processor: refusing requests would not help, but make an outage of it.
 */
const fewWaiting = 20
/** The most that is then given up: what the server can do less of without refusing anybody who waits for an answer. */
const mostWithoutDemand: ShedWork = 'slowBoards'
/** And only if timers are this many times as late as they may be with demand. */
const lagWithoutDemand = 2
/** A new connection waits for a turn of the event loop or two even if no other waits before it. */
const turnsWithoutQueue = 3
/** Below half of the limits, the load is low again. In between, the level stays. */
const lowRatio = 0.5
/**
 * Giving up work frees little memory, and late: the memory stops only what needs more of it, and events only right
 * before the process would be ended.
 */
const memorySteps = [
  { from: 0.97, work: 'events' },
  { from: 0.92, work: 'sockets' },
  { from: 0.85, work: 'history' },
] as const satisfies readonly { readonly from: number; readonly work: ShedWork }[]
/** A level that the memory has caused ends this far below the share from which it began. */
const memoryGap = 0.05

/** A single long turn of the event loop is one sample, however long it takes, and must not count as overload. */
const firstRise = { ms: 1_000, samples: 4 } as const
const furtherRise = { ms: 500, samples: 2 } as const
const riseWithoutDemand = { ms: 5_000, samples: 10 } as const
/** Eight levels are left within five seconds. */
const fallMs = 500
/** An overload far above the limits would last while the levels rise one by one. */
const maxRise = 3

export interface LoadState {
  /** Number of entries of `shedWork` in force. */
  readonly level: number
  /** Samples in a row that were too high, and since when. */
  readonly high?: { readonly since: number; readonly samples: number } | undefined
  /** Since when all samples were low. */
  readonly lowSince?: number | undefined
}

export const noLoad: LoadState = { level: 0 }

/** The state after a further sample. @param now monotonic ms. */
export function nextLoad(state: LoadState, sample: LoadSample, now: number): LoadState {
  const lag = sample.lagMs / loadLimits.lagMs
  const queueMs = sample.acceptMs - turnsWithoutQueue * sample.lagMs
  const demand = Math.max(queueMs / loadLimits.acceptMs, sample.waiting / loadLimits.waiting)
  const pressure = Math.max(lag, demand)
  const isWanted = demand >= 1 || (lag >= 1 && sample.waiting >= fewWaiting)
  const ceiling = Math.max(
    isWanted ? shedWork.length : 0,
    lag >= lagWithoutDemand ? levelOf(mostWithoutDemand) : 0,
    memoryCeiling(sample.memoryRatio),
  )
  if (ceiling > state.level) {
    const first = isWanted || ceiling === memoryCeiling(sample.memoryRatio) ? firstRise : riseWithoutDemand
    return afterHigh(state, now, { ceiling, pressure, needed: state.level === 0 ? first : furtherRise })
  }
  // What demand has caused ends with it, although the main thread is still slow.
  const isPast = demand < lowRatio && sample.waiting < fewWaiting && state.level > levelOf(mostWithoutDemand)
  const isLow = (pressure < lowRatio || isPast) && memoryCeiling(sample.memoryRatio + memoryGap) < state.level
  if (state.level === 0 || !isLow) return { level: state.level }
  const lowSince = state.lowSince ?? now
  return now - lowSince < fallMs ? { level: state.level, lowSince } : { level: state.level - 1, lowSince: now }
}

interface Rise {
  readonly ceiling: number
  readonly pressure: number
  /** How long, and for how many samples in a row. */
  readonly needed: { readonly ms: number; readonly samples: number }
}

function afterHigh({ level, high }: LoadState, now: number, { ceiling, pressure, needed }: Rise): LoadState {
  const { since, samples } = { since: high?.since ?? now, samples: (high?.samples ?? 0) + 1 }
  if (samples < needed.samples || now - since < needed.ms) return { level, high: { since, samples } }
  const rise = Math.min(maxRise, 1 + Math.floor(Math.log2(Math.max(1, pressure))))
  return { level: Math.min(ceiling, level + rise), high: { since: now, samples: 0 } }
}

/** The highest level that memory alone justifies. */
function memoryCeiling(memoryRatio: number): number {
  const step = memorySteps.find(({ from }) => memoryRatio >= from)
  return step === undefined ? 0 : levelOf(step.work)
}

/** The level from which on the work is given up. */
function levelOf(work: ShedWork): number {
  return shedWork.indexOf(work) + 1
}

export function isShed(work: ShedWork, level: number): boolean {
  return shedWork.indexOf(work) < level
}

/** Minimum interval between two deltas of a board, ms. */
export function boardCadenceMs(level: number): number {
  if (isShed('slowBoards', level)) return 5_000
  return isShed('boards', level) ? 1_000 : 250
}

/** One to five seconds, so that refused clients do not all return at once. @param chance 0..1. */
export function retryAfterS(chance: number): number {
  return 1 + Math.min(4, Math.floor(chance * 5))
}
