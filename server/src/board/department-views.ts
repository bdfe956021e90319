import { scopeKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { SiteCatalog } from '../catalog/site-catalog.ts'
import { boardLookBackMs } from './board-look-back.ts'
import { SiteView } from './site-view.ts'
import type { SiteViewOptions } from './site-view.ts'

/** A view that nobody has looked at for so long is closed. */
const unusedMs = 10 * 60_000

interface OpenView {
  readonly view: SiteView
  readonly opened: Promise<void>
  usedAt: number
}

/**
 * The views of those who may see some departments only. Each has an engine of its own that counts the visits of these
 * departments and nothing else, so that no number can tell of others. They are opened when somebody looks.
 */
export class DepartmentViews {
  readonly #options: SiteViewOptions
  readonly #rules: () => SiteCatalog
  readonly #views = new Map<string, OpenView>()

  constructor(options: SiteViewOptions, rules: () => SiteCatalog) {
    this.#options = options
    this.#rules = rules
  }

  async find(departments: NonNullable<DepartmentScope>): Promise<SiteView> {
    const key = scopeKey(departments)
    const open = this.#views.get(key) ?? this.#open(key, departments)
    open.usedAt = this.#options.clock.now()
    await open.opened
    return open.view
  }

  *[Symbol.iterator](): Generator<SiteView> {
    for (const { view } of this.#views.values()) yield view
  }

  /** Closes the views that nobody has looked at. @param isWatched whether a screen shows one of its boards. */
  closeUnused(isWatched: (view: SiteView) => boolean): void {
    const now = this.#options.clock.now()
    for (const [key, open] of this.#views) {
      if (isWatched(open.view)) open.usedAt = now
      if (now - open.usedAt < unusedMs) continue
      open.view.close()
      this.#views.delete(key)
    }
  }

  close(): void {
    for (const view of this) view.close()
    this.#views.clear()
  }

  /** What changes while its orders are being read is shown as well: of two states of an order the newer one counts. */
  #open(key: string, departments: readonly string[]): OpenView {
    const { clock } = this.#options
    const view = new SiteView(this.#options, departments)
    const rules = this.#rules()
    view.calendars(rules.calendars, rules.calendarChoice)
    for (const history of rules.histories()) view.process(history)
    view.engine.ended.beginAt(clock.now() - boardLookBackMs)
    const opened = view.readOrders().then(() => view.changed())
    const open = { view, opened, usedAt: clock.now() }
    this.#views.set(key, open)
    opened.catch(() => this.#views.delete(key))
    return open
  }
}
