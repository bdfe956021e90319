import type { ImportProgress } from '@stagewatch/shared/contract/imports.ts'
import type { Clock } from '../../platform/clock/clock.ts'
import type { ReadPosition } from './import-messages.ts'

/** Reading speed, tracked per phase. */
export class Pace {
  readonly #clock: Clock
  #phase: ReadPosition['phase'] | undefined
  #beganAt = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  of({ phase, ratio, rows }: ReadPosition): ImportProgress {
    const now = this.#clock.elapsed()
    if (phase !== this.#phase) {
      this.#phase = phase
      this.#beganAt = now
    }
    const tookMs = now - this.#beganAt
    return {
      phase,
      ratio,
      rowsPerSecond: tookMs === 0 ? 0 : Math.round((rows * 1_000) / tookMs),
      ...(ratio > 0 && tookMs > 0 && { leftMs: Math.round((tookMs * (1 - ratio)) / ratio) }),
    }
  }
}
