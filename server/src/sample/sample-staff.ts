import type { Logger } from 'pino'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { minuteMs } from './plant-time.ts'
import { setUpDesk } from './set-up-desk.ts'
import { workOnce } from './staff-work.ts'
import type { StaffOptions } from './staff-work.ts'

const workEveryMs = 10 * minuteMs

interface SampleStaffOptions extends StaffOptions {
  readonly sites: SiteRegistry
  readonly logger: Logger
}

/** Lets the staff of the sample factory work in the desk, from when the plant has caught up until it is stopped. */
export class SampleStaff {
  readonly #options: SampleStaffOptions
  #isStopped = false
  #working = Promise.resolve()
  #cancel: (() => void) | undefined

  constructor(options: SampleStaffOptions) {
    this.#options = options
  }

  /** Resolves when the work in progress has ended. */
  get ended(): Promise<void> {
    return this.#working
  }

  /** Resolves when the desk is set up. */
  start(): Promise<void> {
    return this.#work(() => setUpDesk(this.#options))
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
  }

  async #work(work: () => Promise<void>): Promise<void> {
    if (this.#isStopped) return
    const { clock, logger } = this.#options
    this.#working = work().catch((error: unknown) => {
      logger.warn({ err: error }, 'the staff of the sample factory could not do its work')
    })
    await this.#working
    if (this.#isStopped) return
    this.#cancel = clock.after(workEveryMs, () => void this.#work(() => workOnce(this.#options)))
  }
}
