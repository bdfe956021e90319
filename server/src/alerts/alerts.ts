import type { Database } from '@stagewatch/db/database.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { JobWorker } from '../platform/jobs.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { orderAcknowledgementsQueue } from './acknowledge-order.ts'
import { AlertRules } from './alert-rules.ts'
import { alertSender } from './alert-sender.ts'
import { AlertWatch } from './alert-watch.ts'
import type { AlertReaction } from './alert-watch.ts'
import { DueLists } from './due-lists.ts'
import { measureEveryMs, MeasureWatch } from './measure-watch.ts'
import { stepsQueue } from './take-step.ts'
import { handOversQueue } from './tell-about-hand-over.ts'
import { messagesQueue } from './tell-receivers.ts'

/** Costs nothing while no order is due: what to evaluate is known in memory. */
const recordEveryMs = 250
const reconcileEveryMs = 30_000
const dueListsEveryMs = 60_000

interface AlertsOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
  readonly reaction?: AlertReaction
}

/**
 * The pipeline of alerts: a watch records that a rule holds, the job of a step creates notices for receivers, and the
 * job of a receiver turns them into messages.
 */
export class Alerts {
  readonly rules: AlertRules
  readonly watch: AlertWatch
  readonly #measures: MeasureWatch
  readonly #dueLists: DueLists
  readonly #steps: JobWorker
  readonly #messages: JobWorker
  readonly #handOvers: JobWorker
  readonly #orderAcknowledgements: JobWorker

  constructor(options: AlertsOptions) {
    const { database, clock } = options
    this.rules = new AlertRules(database, clock)
    this.watch = new AlertWatch(options)
    this.#measures = new MeasureWatch(options)
    this.#dueLists = new DueLists(options)
    this.#steps = new JobWorker(database, clock, stepsQueue(options))
    this.#messages = new JobWorker(database, clock, messagesQueue({ database, clock, sender: alertSender(options) }))
    this.#handOvers = new JobWorker(database, clock, handOversQueue(options))
    this.#orderAcknowledgements = new JobWorker(database, clock, orderAcknowledgementsQueue(options))
  }

  startTasks(tasks: BackgroundTasks): void {
    const everyInstance = (name: string, everyMs: number, run: () => Promise<void>) =>
      tasks.start({ name, schedule: { everyMs }, instances: 'all', run })
    const oneInstance = (name: string, everyMs: number, run: () => Promise<void>) =>
      tasks.start({ name, schedule: { everyMs }, instances: 'one', run })
    everyInstance('record-alerts', recordEveryMs, this.watch.catchUp)
    tasks.startJobs('take-alert-steps', this.#steps)
    tasks.startJobs('tell-of-alerts', this.#messages)
    tasks.startJobs('tell-of-alert-hand-overs', this.#handOvers)
    tasks.startJobs('acknowledge-orders-of-alerts', this.#orderAcknowledgements)
    everyInstance('read-alert-rules', reconcileEveryMs, () => Promise.resolve(this.watch.forgetRules()))
    oneInstance('reconcile-alerts', reconcileEveryMs, this.watch.reconcileAll)
    oneInstance('measure-alerts', measureEveryMs, this.#measures.look)
    oneInstance('tell-due-lists', dueListsEveryMs, this.#dueLists.look)
  }

  /** Starts no further jobs. */
  close(): void {
    this.#steps.close()
    this.#messages.close()
    this.#handOvers.close()
    this.#orderAcknowledgements.close()
  }
}
