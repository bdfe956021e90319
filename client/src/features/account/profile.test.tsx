import type { Profile } from '@stagewatch/shared/contract/profile.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { ProfileForm } from './profile.tsx'

const profile: Profile = {
  name: 'Li',
  channels: [{ kind: 'email' }],
  dueList: true,
  email: 'li@example.com',
  emailVerified: true,
  version: 'one',
}

/** Records the requests to the server. */
function server() {
  const sent: unknown[] = []
  vi.stubGlobal('fetch', (_path: string, { body }: RequestInit) => {
    if (typeof body === 'string') sent.push(JSON.parse(body))
    return Promise.resolve(Response.json(profile))
  })
  return sent
}

const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a profile is sent with its ways in the order of preference and the number as digits', async () => {
  const sent = server()
  await renderDesk(<ProfileForm profile={profile} asOf={0} />)
  fill('Language', 'zh')
  fill('Add', 'sms')
  press('Move up: Text message')
  fill('Mobile number', '+86 138-0013-8000')
  fireEvent.click(screen.getByLabelText('Send me nothing during quiet hours'))
  press('Save profile')
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toEqual({
    name: 'Li',
    language: 'zh',
    channels: [{ kind: 'sms', mobile: '+8613800138000' }, { kind: 'email' }],
    quietHours: { from: '22:00', to: '07:00', days: [1, 2, 3, 4, 5, 6, 7], criticalBreaks: true },
    dueList: true,
  })
})

it('a number without the code of its country is not sent, and the field says what is wrong', async () => {
  const sent = server()
  await renderDesk(<ProfileForm profile={profile} asOf={0} />)
  fill('Add', 'sms')
  fill('Mobile number', '13800138000')
  press('Save profile')
  await screen.findByText('Has the wrong format')
  expect(sent).toEqual([])
})
