import type { Database } from '@stagewatch/db/database.ts'
import type { BackgroundTasks } from '../platform/background-tasks.ts'
import type { Clock } from '../platform/clock/clock.ts'
import { JobWorker } from '../platform/jobs.ts'
import type { JobQueue } from '../platform/jobs.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import { releaseTasksOfLeavers } from './release-tasks.ts'
import { assignOpenTasks, escalate } from './assign-open-tasks.ts'
import { isTaskWork, taskQueue, workOf } from './task-jobs.ts'
import { tellAboutTask } from './tell-about-task.ts'

interface TeamTasksOptions {
  readonly database: Database
  readonly clock: Clock
  readonly sites: SiteRegistry
}

const releaseEveryMs = 60_000

/** Queue of background work on tasks. Each job does its work in the transaction that ends it, so it happens once. */
export function tasksQueue({ clock, sites }: Omit<TeamTasksOptions, 'database'>): JobQueue {
  return {
    name: taskQueue,
    concurrency: 10,
    leaseMs: 10_000,
    knows: isTaskWork,
    async run({ site, key }) {
      const pipeline = await sites.get(site)
      const work = workOf(key)
      return {
        kind: 'done',
        effect(tx) {
          switch (work.kind) {
            case 'assign':
              return assignOpenTasks(tx, pipeline, clock.now())
            case 'escalate':
              return escalate(tx, pipeline, work, clock.now())
            case 'asked':
            case 'offered':
            case 'update':
            case 'waiting':
            case 'alertEnded':
              return tellAboutTask(tx, pipeline, work, { sites, clock })
          }
        },
      }
    },
  }
}

/** Tasks for people, as opposed to the server's background tasks. */
export class TeamTasks {
  readonly #options: TeamTasksOptions
  readonly #jobs: JobWorker

  constructor(options: TeamTasksOptions) {
    this.#options = options
    this.#jobs = new JobWorker(options.database, options.clock, tasksQueue(options))
  }

  startTasks(background: BackgroundTasks): void {
    background.startJobs('assign-and-tell-of-tasks', this.#jobs)
    background.start({
      name: 'release-tasks-of-leavers',
      schedule: { everyMs: releaseEveryMs },
      instances: 'one',
      run: () => releaseTasksOfLeavers(this.#options.database, this.#options.clock.now()),
    })
  }

  /** Starts no further jobs. */
  close(): void {
    this.#jobs.close()
  }
}
