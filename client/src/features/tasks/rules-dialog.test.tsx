import { Notifications, notifications } from '@mantine/notifications'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { RulesDialog } from './rules-dialog.tsx'

const rules = { assigns: true, maxPerPerson: 12, confirmMinutes: 30, waitingHours: 24, needsVerification: false }

afterEach(() => {
  notifications.clean()
  cleanup()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** A server with these rules, which refuses whatever was edited in an older version. */
async function openDialog() {
  const server = { saved: rules, version: 'v1', sent: [] as unknown[] }
  vi.stubGlobal('fetch', (path: string, init: { method: string; body: string; headers: Record<string, string> }) => {
    if (path !== '/api/v1/task-rules') return Promise.resolve(Response.json({}))
    if (init.method === 'PUT') {
      server.sent.push(JSON.parse(init.body))
      if (init.headers['if-match'] !== `"${server.version}"`) {
        const problem = { code: 'conflict', message: 'changed meanwhile', requestId: '1' }
        return Promise.resolve(Response.json(problem, { status: 409 }))
      }
      server.saved = JSON.parse(init.body) as typeof rules
      server.version = 'v3'
    }
    return Promise.resolve(Response.json({ ...server.saved, version: server.version }))
  })
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  const actions = [...actionsOf('administrator', undefined)]
  const onClose = vi.fn<() => void>()
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <Notifications />
      <RulesDialog onClose={onClose} />
    </MeContext>,
  )
  await screen.findByLabelText(perPerson)
  return { server, onClose }
}

const perPerson = 'Open tasks per person at most'
const enter = (value: string) => fireEvent.change(screen.getByLabelText(perPerson), { target: { value } })
const shown = () => screen.getByLabelText<HTMLInputElement>(perPerson).value
const saveButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Save' })

it('an emptied number stays empty, is asked for, and is not saved as the least one', async () => {
  const { server, onClose } = await openDialog()
  enter('')
  expect(shown()).toBe('')
  expect(screen.getByText('Enter a whole number from 1 to 100.').isConnected).toBe(true)
  expect(saveButton().disabled).toBe(true)
  fireEvent.submit(saveButton().closest('form')!)
  expect(server.sent).toEqual([])
  enter('25')
  fireEvent.click(saveButton())
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect(server.sent).toEqual([{ ...rules, maxPerPerson: 25 }])
})

it('that rules were saved is said, and not for ever', async () => {
  const { onClose } = await openDialog()
  vi.useFakeTimers({ shouldAdvanceTime: true })
  enter('25')
  fireEvent.click(saveButton())
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce())
  expect((await screen.findByText('Saved')).isConnected).toBe(true)
  await vi.advanceTimersByTimeAsync(6_000)
  await waitFor(() => expect(screen.queryByText('Saved')).toBeNull())
})

it('edits of rules that somebody else has saved meanwhile are kept and shown beside theirs', async () => {
  const { server, onClose } = await openDialog()
  server.saved = { ...rules, maxPerPerson: 40 }
  server.version = 'v2'
  enter('25')
  fireEvent.click(saveButton())
  const row = await screen.findByRole('row', { name: /40/ })
  expect(row.textContent).toContain('25')
  expect(shown()).toBe('25')
  expect(onClose).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: 'Discard my changes' }))
  expect(shown()).toBe('40')
})
