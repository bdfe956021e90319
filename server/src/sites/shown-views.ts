import { setImmediate } from 'node:timers/promises'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { DepartmentViews } from '../boards/department-views.ts'
import type { SiteView } from '../boards/site-view.ts'
import type { StoredOrder } from '../projection/load-orders.ts'
import { inSlices } from '../platform/in-slices.ts'
import { loadVisitedStages } from '../rules/learned-stages.ts'
import type { PipelineOptions } from './pipeline-options.ts'

/** Takes a few ms per view. */
const shownAtOnce = 500

/** The open views of a site: that of the whole site, and those of some departments. */
export class ShownViews {
  readonly whole: SiteView
  readonly departments: DepartmentViews
  readonly #options: PipelineOptions

  constructor(options: PipelineOptions, whole: SiteView, departments: DepartmentViews) {
    this.#options = options
    this.whole = whole
    this.departments = departments
  }

  /** False: events are stored, but the views remain empty. */
  get hasOrders(): boolean {
    return this.#options.showsOrders !== false
  }

  all(): readonly SiteView[] {
    return [this.whole, ...this.departments]
  }

  /** The view for users with access to these departments; undefined: all. */
  async find(departments: DepartmentScope): Promise<SiteView> {
    return departments === undefined ? this.whole : this.departments.find(departments)
  }

  /** Updates the views with changed orders; of two states of one order, the one with more events wins. */
  async show(orders: readonly StoredOrder[]): Promise<void> {
    if (!this.hasOrders) return
    for (let from = 0; from < orders.length; from += shownAtOnce) {
      if (from > 0) await setImmediate()
      const some = orders.length <= shownAtOnce ? orders : orders.slice(from, from + shownAtOnce)
      for (const view of this.all()) {
        const long = some.filter((order) => view.isLong(order))
        view.applyOrders(long.length === 0 ? some : some.filter((order) => !long.includes(order)))
        for (const order of long) await inSlices(view.applyInSteps(order))
      }
    }
  }

  /** Notifies the views that the boards may have changed. */
  changed(): void {
    if (!this.hasOrders) return
    for (const view of this.all()) view.changed()
  }

  /** Runs `work` for one view after the other. */
  async inEach(work: (view: SiteView) => Promise<void>): Promise<void> {
    if (!this.hasOrders) return
    for (const view of this.all()) await work(view)
  }

  /** The given stages that any order has ever visited. */
  async visitedStages(process: string, stages: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    const { database, site } = this.#options
    if (!this.hasOrders) return loadVisitedStages(database, site.code, process, stages)
    const ofProcess = this.whole.engine.process(process)
    return new Set([...stages].filter((stage) => (ofProcess?.stage(stage)?.visitCount ?? 0) > 0))
  }

  close(): void {
    this.whole.close()
    this.departments.close()
  }
}
