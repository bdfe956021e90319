import type { Me } from '@stagewatch/shared/contract/me.ts'
import type { DepartmentList } from '@stagewatch/shared/contract/departments.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { AbsenceForm } from './absence-form.tsx'
import { DepartmentTable } from './department-table.tsx'

const administrator: Me = {
  kind: 'person',
  name: 'Ada',
  site: 'east',
  role: 'administrator',
  actions: [...actionsOf('administrator', undefined)],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}
const use = { members: 1, stages: 0, openOrders: 3 }
const list: DepartmentList = {
  departments: [
    { key: 'QA', name: { zh: '质量部', en: 'Quality' }, aliases: [], archived: false, ...use, version: 'one' },
    { key: 'Sales', name: { zh: '销售部', en: 'Sales' }, aliases: [], archived: false, ...use, version: 'two' },
  ],
  unmanaged: [],
  unmanagedTotal: 0,
  calendars: [{ code: 'plant', name: { zh: '工厂', en: 'Plant' } }],
}
const team = {
  people: [],
  deputies: [{ id: 'p2', name: 'Wu' }],
  skills: [],
  calendars: [],
  asOf: 0,
}

/** Records the changes sent to the server. */
function server() {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (path: string, { method, body, headers }: RequestInit & { body: string }) => {
    if (method !== 'GET') {
      const version = new Headers(headers).get('if-match')
      sent.push({ path, body: JSON.parse(body) as unknown, ...(version !== null && { version }) })
    }
    return Promise.resolve(Response.json(path.startsWith('/api/v1/team') ? team : list))
  })
  return sent
}

const render = (part: ReactNode) => renderDesk(<MeContext value={administrator}>{part}</MeContext>)
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('a department', () => {
  it('is saved with its changes, and without fields that were not set', async () => {
    const sent = server()
    await render(<DepartmentTable list={list} asOf={0} />)
    press('Edit: Quality')
    fill('Name (English)', 'Quality control')
    fill('Calendar', 'plant')
    press('Save')
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toEqual({
      path: '/api/v1/departments/QA',
      version: '"one"',
      body: { name: { zh: '质量部', en: 'Quality control' }, calendar: 'plant', aliases: [], archived: false },
    })
  })

  it('is merged only after saying who will see more', async () => {
    const sent = server()
    await render(<DepartmentTable list={list} asOf={0} />)
    press('Edit: Quality')
    fill('Merge into', 'Sales')
    press('Merge: Quality')
    const question = screen.getByRole('group', { name: /sees the orders of either will see the orders of both/ })
    expect(sent).toEqual([])
    fireEvent.click(within(question).getByRole('button', { name: 'Merge' }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toEqual({ path: '/api/v1/departments/QA/merge', version: '"one"', body: { into: 'Sales' } })
  })
})

describe('an absence', () => {
  const form = (
    <AbsenceForm member={{ id: 'p1', name: 'Li' }} deputies={[{ id: 'p2', name: 'Wu' }]} onDone={() => undefined} />
  )

  it('is sent without the times and the deputy that are left empty', async () => {
    const sent = server()
    await render(form)
    fill('First day', '2026-12-24')
    expect(screen.getByLabelText<HTMLInputElement>('Last day').value).toBe('Thu, 24 Dec 2026')
    fill('Reason', 'sick')
    press('Enter')
    await waitFor(() => expect(sent).toHaveLength(1))
    const body = { from: '2026-12-24', to: '2026-12-24', kind: 'sick' }
    expect(sent[0]).toEqual({ path: '/api/v1/team/p1/absences', body })
  })

  it('that ends before it begins is not sent', async () => {
    const sent = server()
    await render(form)
    fill('First day', '2026-12-24')
    fill('Last day', '2026-12-23')
    press('Enter')
    await screen.findByText('Is not in chronological order')
    expect(sent).toEqual([])
  })
})
