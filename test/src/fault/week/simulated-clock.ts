import { SystemClock } from '@stagewatch/server/platform/clock/clock.ts'
import type { ClockStep } from '@stagewatch/server/platform/clock/clock.ts'
import { simulatedNow, speedAt } from './simulated-time.ts'
import type { Simulation } from './simulated-time.ts'

const longestTimerMs = 200

/** Wall-clock time passes as simulated, and elapsed time as on this machine. Setting it is noticed like by a server. */
export class SimulatedClock extends SystemClock {
  readonly #simulation: Simulation
  readonly #stepListeners = new Set<(step: ClockStep) => void>()
  #setByMs = 0

  constructor(simulation: Simulation, onError: (error: unknown) => void) {
    super({ onError })
    this.#simulation = simulation
  }

  override now(): number {
    return simulatedNow(this.#simulation) + this.#setByMs
  }

  override at(instant: number, callback: () => void): () => void {
    let cancel: () => void
    const arm = (): void => {
      const leftMs = instant - this.now()
      if (leftMs <= 0) cancel = this.after(0, callback)
      else cancel = this.after(Math.min(longestTimerMs, Math.ceil(leftMs / speedAt(this.now()))), arm)
    }
    arm()
    return () => cancel()
  }

  override onStep(listener: (step: ClockStep) => void): () => void {
    const own = (step: ClockStep): void => listener(step)
    this.#stepListeners.add(own)
    return () => void this.#stepListeners.delete(own)
  }

  override checkForStep(): void {}

  /** Sets the wall clock. Negative sets it back. */
  set(byMs: number): void {
    this.#setByMs += byMs
    for (const listener of this.#stepListeners) listener({ at: this.now(), byMs })
  }
}
