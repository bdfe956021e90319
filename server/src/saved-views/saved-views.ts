import { randomBytes } from 'node:crypto'
import type { Database } from '@stagewatch/db/database.ts'
import type { SavedView, SavedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
import { audienceOf, requireAction } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { lockSite } from '../rules/catalog-table.ts'
import { countViews, deleteView, loadViews, lockView, saveView } from './saved-views-table.ts'
import type { NamedView, StoredView } from './saved-views-table.ts'

/** Maximum number of views per person and site. */
const maxViews = 50

/** A person at a site, who may read orders there. */
interface Viewer extends Caller {
  readonly id: string
}

/** @throws AppError `forbidden` for callers who may not read orders at the site. */
export function viewerOf(caller: Caller): Viewer {
  requireAction(caller, 'orders.read')
  if (caller.id === undefined) throw new AppError('forbidden', 'only a signed-in user may do that')
  return { ...caller, id: caller.id }
}

/** The viewer's own views, and shared views that reveal nothing the viewer may not see. */
export async function listViews(database: Database, viewer: Viewer, privacy: Privacy): Promise<SavedView[]> {
  const views = await loadViews(database, viewer.site, viewer.id)
  return views.filter((view) => maySee(view, viewer, privacy)).map((view) => described(view, viewer))
}

/** @throws AppError `conflict` when there are too many; `forbidden` when the viewer may not share views. */
export async function addView(database: Database, viewer: Viewer, request: SavedViewRequest): Promise<void> {
  requireSharing(viewer, request)
  await database.transaction(async (tx) => {
    // Serialized, so that the number of views stays within the limit.
    await lockSite(tx, viewer.site)
    if ((await countViews(tx, viewer.site, viewer.id)) >= maxViews) {
      throw new AppError('conflict', `a person keeps at most ${maxViews} views; delete one first`)
    }
    const id = randomBytes(9).toString('base64url')
    const { site, departments } = viewer
    await saveView(tx, { site, id, ownerId: viewer.id, ...request, departments: departments ?? null })
  })
}

/**
 * @throws AppError `not_found`, or `forbidden` when the view belongs to somebody else and the viewer may not manage it.
 */
export async function removeView(database: Database, viewer: Viewer, id: string): Promise<void> {
  await database.transaction(async (tx) => {
    requireEditable(await lockView(tx, viewer.site, id), viewer)
    await deleteView(tx, viewer.site, id)
  })
}

/** The name or filter of a view may contain a customer: only people who see everything its owner sees may read it. */
function maySee(view: NamedView, viewer: Viewer, privacy: Privacy): boolean {
  if (view.ownerId === viewer.id) return true
  const { departments } = audienceOf(viewer, privacy)
  const seesAll = departments === undefined
  const seesTheirs = seesAll || (view.departments?.every((department) => departments.includes(department)) ?? false)
  const filters = new URLSearchParams(view.search)
  const namesCustomer = filters.has('customer') || filters.has('q')
  return seesTheirs && !(namesCustomer && privacy.customers === 'masked')
}

function described(view: NamedView, viewer: Viewer): SavedView {
  const { id, page, name, search, shared, ownerName } = view
  const isOwn = view.ownerId === viewer.id
  return { id, page, name, search, shared, editable: mayEdit(view, viewer), ...(!isOwn && { owner: ownerName }) }
}

function mayEdit({ ownerId, shared }: StoredView, { id, actions }: Viewer): boolean {
  return ownerId === id || (shared && actions.has('people.manage'))
}

function requireEditable(view: StoredView | undefined, viewer: Viewer): StoredView {
  if (view === undefined || (!view.shared && view.ownerId !== viewer.id)) {
    throw new AppError('not_found', 'there is no such view', { field: 'id' })
  }
  if (!mayEdit(view, viewer)) throw new AppError('forbidden', 'the view belongs to somebody else')
  return view
}

function requireSharing(viewer: Viewer, { shared }: SavedViewRequest): void {
  if (shared) requireAction(viewer, 'orders.manage')
}
