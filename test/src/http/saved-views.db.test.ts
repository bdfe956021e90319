import { savedViewList } from '@stagewatch/shared/contract/saved-views.ts'
import type { SavedView, SavedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import type { Visitor } from '../identity/visitor.ts'

let server: PeopledServer
let manager: Visitor
let lead: Visitor
let viewer: Visitor

beforeAll(async () => {
  server = await startPeopled()
  manager = await server.join('manager@example.com', { role: 'manager' })
  lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  viewer = await server.join('viewer@example.com', { role: 'viewer', departments: ['store', 'office'] })
})
afterAll(() => server.close())

const view = (more: Partial<SavedViewRequest> = {}): SavedViewRequest => ({
  page: 'orders',
  name: 'Late',
  search: 'status=overdue',
  shared: false,
  ...more,
})

async function viewsOf(somebody: Visitor): Promise<SavedView[]> {
  return savedViewList.parse((await somebody.call('/api/v1/views')).body).views
}

async function save(somebody: Visitor, body: SavedViewRequest): Promise<SavedView> {
  const { views } = savedViewList.parse((await somebody.call('/api/v1/views', { body })).body)
  const saved = views.find(({ name }) => name === body.name)
  if (saved === undefined) throw new Error('the view is not in the list')
  return saved
}

const namesOf = async (somebody: Visitor) => (await viewsOf(somebody)).map(({ name }) => name)

describe('saved views', () => {
  it('are their owner’s, who deletes them', async () => {
    const { id } = await save(viewer, view({ name: 'Mine' }))
    expect(await viewsOf(viewer)).toEqual([{ ...view({ name: 'Mine' }), id, editable: true }])
    expect(await viewsOf(manager)).toEqual([])
    // Nobody else learns that the view exists.
    expect((await manager.call(`/api/v1/views/${id}`, { method: 'DELETE' })).status).toBe(404)
    expect((await viewer.call(`/api/v1/views/${id}`, { method: 'DELETE' })).body).toEqual({ views: [] })
  })

  it('are shared with whoever sees what their owner sees', async () => {
    await save(lead, view({ name: 'Of the store', search: 'customer=Acme', shared: true }))
    await save(manager, view({ name: 'Of all', shared: true }))
    expect(await namesOf(manager)).toEqual(['Of all', 'Of the store'])
    expect(await namesOf(viewer)).toEqual(['Of the store'])
    expect(await namesOf(lead)).toEqual(['Of the store'])
    const [ofLead] = await viewsOf(viewer)
    expect(ofLead).toMatchObject({ editable: false, owner: expect.any(String) })
    // Customer names are hidden from everyone without the right to see them.
    await server.ada.call('/api/v1/privacy', {
      method: 'PUT',
      headers: { 'if-match': '*' },
      body: { customers: 'masked', amounts: 'shown', people: 'shown' },
    })
    expect(await namesOf(viewer)).toEqual([])
    expect(await namesOf(lead)).toEqual(['Of the store'])
  })

  it('are shared by leads and managers only, and deleted by their owner and administrators', async () => {
    expect((await viewer.call('/api/v1/views', { body: view({ shared: true }) })).status).toBe(403)
    const { id } = await save(manager, view({ name: 'Plan', shared: true }))
    expect((await viewer.call(`/api/v1/views/${id}`, { method: 'DELETE' })).status).toBe(403)
    expect((await server.ada.call(`/api/v1/views/${id}`, { method: 'DELETE' })).status).toBe(200)
    expect(await namesOf(manager)).not.toContain('Plan')
  })

  it.each([
    ['name', { name: ' ' }],
    ['search', { search: 'x'.repeat(2_001) }],
    ['page', { page: 'people' }],
  ])('with a wrong %s are refused', async (field, wrong) => {
    const { status, body } = await lead.call('/api/v1/views', { body: { ...view(), ...wrong } })
    expect([status, body]).toMatchObject([400, { details: [{ field }] }])
  })

  it('are at most 50 of a person', async () => {
    const others = await viewsOf(viewer)
    for (let i = 0; i < 50; i++) await viewer.call('/api/v1/views', { body: view({ name: `V ${i}` }) })
    expect(await viewsOf(viewer)).toHaveLength(50 + others.length)
    expect((await viewer.call('/api/v1/views', { body: view() })).status).toBe(409)
  })
})
