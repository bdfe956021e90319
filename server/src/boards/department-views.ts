import { scopeKey } from '@stagewatch/shared/domain/access/audience.ts'
import type { DepartmentScope } from '@stagewatch/shared/domain/access/department-scope.ts'
import type { ProcessHistory } from '@stagewatch/shared/domain/process-history.ts'
import type { CalendarDefinition } from '@stagewatch/shared/domain/time/calendar-definition.ts'
import pLimit from 'p-limit'
import type { CalendarChoice } from '../rules/site-calendars.ts'
import { AppError } from '../platform/app-error.ts'
import type { CatalogListener, SiteCatalog } from '../rules/site-catalog.ts'
import { boardLookBackMs } from './build-board.ts'
import { SiteView } from './site-view.ts'
import type { SiteViewOptions } from './site-view.ts'

/** A view that was not used for this long is closed. */
const idleTimeoutMs = 2 * 60_000
/** Maximum number per site; each has an engine of its own. */
export const maxViews = 24

interface OpenView {
  readonly view: SiteView
  readonly opened: Promise<void>
  /** Elapsed time. */
  usedAt: number
  /**
   * Whether a screen shows one of its boards, as of the last check. True at first, because whoever opened it may be
   * about to.
   */
  isWatched: boolean
}

/**
 * The views of callers who may see only some departments. Each has an engine of its own that counts only the visits of
 * these departments, so that no number reveals data of others. Views are opened on demand.
 */
export class DepartmentViews implements CatalogListener {
  readonly #options: SiteViewOptions
  readonly #catalog: SiteCatalog
  readonly #views = new Map<string, OpenView>()
  /** Sequential, because each view reads all open orders. */
  readonly #opening = pLimit(1)

  constructor(options: SiteViewOptions, catalog: SiteCatalog) {
    this.#options = options
    this.#catalog = catalog
  }

  /** @throws AppError `overloaded` if too many views are in use. */
  async find(departments: NonNullable<DepartmentScope>): Promise<SiteView> {
    const key = scopeKey(departments)
    const open = this.#views.get(key) ?? this.#open(key, departments)
    open.usedAt = this.#options.clock.elapsed()
    await open.opened
    return open.view
  }

  *[Symbol.iterator](): Generator<SiteView> {
    for (const { view } of this.#views.values()) yield view
  }

  /** Closes unused views. @param isWatched whether a screen shows one of the view's boards. */
  closeUnused(isWatched: (view: SiteView) => boolean): void {
    const now = this.#options.clock.elapsed()
    for (const [key, open] of this.#views) {
      open.isWatched = isWatched(open.view)
      if (open.isWatched) open.usedAt = now
      if (now - open.usedAt >= idleTimeoutMs) this.#close(key)
    }
  }

  process(history: ProcessHistory): void {
    for (const view of this) view.process(history)
  }

  calendars(definitions: readonly CalendarDefinition[], choice: CalendarChoice): void {
    for (const view of this) view.calendars(definitions, choice)
  }

  get size(): number {
    return this.#views.size
  }

  close(): void {
    for (const view of this) view.close()
    this.#views.clear()
  }

  #close(key: string): void {
    this.#views.get(key)?.view.close()
    this.#views.delete(key)
  }

  /** Evicts the least recently used view if the maximum is reached. */
  #makeRoom(): void {
    if (this.#views.size < maxViews) return
    const unwatched = [...this.#views].filter(([, { isWatched }]) => !isWatched)
    const [oldest] = unwatched.toSorted(([, a], [, b]) => a.usedAt - b.usedAt)
    if (oldest === undefined) {
      throw new AppError('overloaded', 'too many views of different departments are open', { retryAfterS: 60 })
    }
    this.#close(oldest[0])
  }

  /**
   * Changes that arrive while the orders are being read are applied as well: of two states of an order, the newer one
   * wins.
   */
  #open(key: string, departments: readonly string[]): OpenView {
    this.#makeRoom()
    const { clock } = this.#options
    const view = new SiteView(this.#options, departments)
    this.#catalog.tell(view)
    view.engine.ended.startAt(clock.now() - boardLookBackMs)
    const opened = this.#opening(async () => {
      await view.readOrders()
      view.changed()
    })
    const open = { view, opened, usedAt: clock.elapsed(), isWatched: true }
    this.#views.set(key, open)
    opened.catch(() => {
      if (this.#views.get(key) === open) this.#close(key)
    })
    return open
  }
}
