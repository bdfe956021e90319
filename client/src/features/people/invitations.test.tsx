import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import type { DepartmentList } from '@stagewatch/shared/contract/departments.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { InviteForm } from './invitations.tsx'

const administrator: Me = {
  kind: 'person',
  name: 'Ada',
  email: 'ada@example.com',
  site: 'east',
  role: 'administrator',
  actions: [...actionsOf('administrator', undefined)],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}
const invitation = { id: '1', email: 'ben@example.com', role: 'viewer', invitedBy: 'Ada', expiresAt: 0 }

/** One managed department with a second name, and one that only events name. */
const use = { members: 0, stages: 0, openOrders: 3 }
const paint = {
  key: 'Paint',
  name: { zh: '喷漆', en: 'Paint' },
  aliases: ['Spray'],
  archived: false,
  version: '1',
  ...use,
}
const departments: DepartmentList = {
  departments: [paint],
  unmanaged: [{ text: 'Warehouse', ...use }],
  unmanagedTotal: 1,
  calendars: [],
}

/** Records the requests to the server. */
function server() {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (path: string, { body }: { body: string | null }) => {
    if (path === '/api/v1/department-names') return Promise.resolve(Response.json({ departments: [paint] }))
    if (path === '/api/v1/departments') return Promise.resolve(Response.json(departments))
    sent.push({ path, ...(body !== null && { body: JSON.parse(body) as unknown }) })
    return Promise.resolve(Response.json({ invitation, link: 'http://board/join#token=x', mailed: false }))
  })
  return sent
}

async function renderForm(): Promise<void> {
  await renderDesk(
    <MeContext value={administrator}>
      <InviteForm departments={['Assembly']} />
    </MeContext>,
  )
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

describe('an invitation', () => {
  it('for all departments is sent without any, and shows its link once', async () => {
    const sent = server()
    await renderForm()
    fireEvent.change(screen.getByLabelText('Email'), { target: { value: 'ben@example.com' } })
    press('Invite')
    await screen.findByText('http://board/join#token=x')
    expect(sent[0]).toEqual({ path: '/api/v1/invitations', body: { email: 'ben@example.com', role: 'viewer' } })
    press('Done')
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe('')
  })

  it('for some departments is not sent before one is named', async () => {
    const sent = server()
    await renderForm()
    fireEvent.change(screen.getByLabelText('Email'), { target: { value: 'ben@example.com' } })
    fireEvent.click(screen.getByLabelText('All departments'))
    press('Invite')
    await screen.findByText('Enter at least one, or choose all departments.')
    expect(sent).toEqual([])
    fireEvent.click(screen.getByText('Assembly'))
    press('Invite')
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(sent[0]).toMatchObject({ body: { departments: ['Assembly'] } })
  })

  it('offers the departments that events name, and warns of one that nothing names', async () => {
    server()
    await renderForm()
    fireEvent.click(screen.getByLabelText('All departments'))
    fireEvent.click(await screen.findByText('Warehouse'))
    fireEvent.click(screen.getByText('Paint'))
    expect(screen.queryByText(/No order names/)).toBeNull()
    // Only another invitation names it.
    fireEvent.click(screen.getByText('Assembly'))
    const warning = await screen.findByText('No order names this department: Assembly. Check the spelling.')
    expect(warning.isConnected).toBe(true)
  })

  it('with an invalid address is not sent, and says what is wrong', async () => {
    const sent = server()
    await renderForm()
    fireEvent.change(screen.getByLabelText('Email'), { target: { value: 'ben' } })
    press('Invite')
    await screen.findByText('Must be an email address such as li@example.com')
    expect(sent).toEqual([])
  })
})
