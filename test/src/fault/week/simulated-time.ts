const [minuteMs, hourMs] = [60_000, 3_600_000]
const [workBeginsAt, workEndsAt] = [6, 22]
const [daySpeed, nightSpeed] = [60, 240]

/** When a simulation began, by the time that it simulates and by the clock of this machine, both epoch ms. */
export interface Simulation {
  /** At a full hour of UTC, which is the time zone of the simulated plant. */
  readonly beginAt: number
  readonly realBeginAt: number
}

/** The plant works from Monday to Friday, in two shifts. */
export function isWorking(at: number): boolean {
  const date = new Date(at)
  const [day, hour] = [date.getUTCDay(), date.getUTCHours()]
  return day >= 1 && day <= 5 && hour >= workBeginsAt && hour < workEndsAt
}

/** Simulated time per real time: nights and weekends, in which little happens, pass faster. */
export function speedAt(at: number): number {
  return isWorking(at) ? daySpeed : nightSpeed
}

/**
 * The simulated time, the same in every process of this machine. Every process computes it anew from its own clock, so
 * that it continues when a process is killed.
 */
export function simulatedNow({ beginAt, realBeginAt }: Simulation, realNow = Date.now()): number {
  let at = beginAt
  for (let leftMs = realNow - realBeginAt; ;) {
    const speed = speedAt(at)
    const realHourMs = hourMs / speed
    if (leftMs <= realHourMs) return Math.floor(at + leftMs * speed)
    leftMs -= realHourMs
    at += hourMs
  }
}

/** How long the period from a full hour takes on this machine, ms. */
export function realDurationMs(from: number, to: number): number {
  let sum = 0
  for (let at = from; at < to; at += hourMs) sum += Math.min(hourMs, to - at) / speedAt(at)
  return sum
}

export { hourMs, minuteMs }
