import type { CustomerNewsView } from '@stagewatch/shared/contract/customer-news.ts'
import type { Me } from '@stagewatch/shared/contract/me.ts'
import type { MessageText, TextPreview } from '@stagewatch/shared/contract/message-texts.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../api/session.ts'
import { renderDesk } from '../../components/testing/render-desk.tsx'
import { NewsForm } from './news-form.tsx'
import { TextEditor } from './text-editor.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

interface Sent {
  readonly path: string
  readonly method: string
  readonly body: unknown
  readonly version: string | null
}

/** Records the requests to the server, and answers them. */
function server(answer: (sent: Sent) => Response): Sent[] {
  const all: Sent[] = []
  vi.stubGlobal('fetch', (path: string, { method = 'GET', body, headers }: RequestInit & { body?: string }) => {
    const parsed: unknown = body === undefined ? undefined : JSON.parse(body)
    const sent = { path, method, body: parsed, version: new Headers(headers).get('if-match') }
    all.push(sent)
    return Promise.resolve(answer(sent))
  })
  return all
}

const me: Me = {
  kind: 'person',
  name: 'Ada',
  site: 'east',
  actions: [...actionsOf('manager', undefined)],
  privacy: { customers: 'shown', amounts: 'shown', people: 'shown' },
  sites: [],
}
const render = (part: ReactNode) => renderDesk(<MeContext value={me}>{part}</MeContext>)
const fill = (label: string, value: string) => fireEvent.change(screen.getByLabelText(label), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))

const text: MessageText = {
  key: 'alert.order',
  language: 'en',
  title: '{rule}: {order}',
  body: '{order} · {stage}',
  standard: { title: '{rule}: {order}', body: '{order} · {stage}' },
  isChanged: false,
  version: 'one',
}

it('a text is previewed as it is typed, names what is wrong with it, and is saved over the version that was read', async () => {
  const preview: TextPreview = {
    previews: [
      { kind: 'email', title: '[Warning] Late SO-1042', text: 'the whole mail', isCut: false },
      { kind: 'sms', title: 'Late SO-10…', text: 'SO-1042', isCut: true },
    ],
  }
  const details = [{ field: 'title', message: 'x', reason: 'not_offered', options: ['rule', 'order'] }]
  const sent = server(({ method, body }) => {
    if (method === 'PUT') return Response.json({ ...text, isChanged: true, version: 'two' })
    return JSON.stringify(body).includes('{nobody}')
      ? Response.json({ code: 'invalid_field', message: 'x', details, requestId: 'r1' }, { status: 400 })
      : Response.json(preview)
  })
  const closed = vi.fn<() => void>()
  await render(<TextEditor text={text} name="Alert" isOpen asOf={0} onOpen={() => undefined} onClose={closed} />)
  fill('Title', 'Late {order}')
  const mail = await screen.findByRole('article', { name: 'Email' })
  expect(within(mail).getByText('[Warning] Late SO-1042').isConnected).toBe(true)
  const sms = screen.getByRole('article', { name: 'Text message (title and orders)' })
  expect(sms.textContent).toContain('the rest is cut off')
  expect(mail.textContent).not.toContain('the rest is cut off')
  expect(screen.getByText(/made-up data/).isConnected).toBe(true)
  fill('Title', '{nobody}')
  expect((await screen.findByRole('alert')).textContent).toContain('rule, order')
  expect(screen.queryByRole('article')).toBeNull()
  fill('Title', 'Late {order}')
  press('Save')
  await waitFor(() => expect(closed).toHaveBeenCalled())
  expect(sent.filter(({ method }) => method === 'PUT')).toEqual([
    {
      path: '/api/v1/message-texts/alert.order/en',
      method: 'PUT',
      body: { title: 'Late {order}', body: '{order} · {stage}' },
      version: '"one"',
    },
  ])
})

const view: CustomerNewsView = {
  settings: {
    enabled: false,
    addressField: 'customerEmail',
    channel: '',
    placed: true,
    held: false,
    completed: true,
    cancelled: true,
    stages: [{ process: 'default', stage: 'gone', as: 'entered' }],
  },
  version: 'one',
  channels: [{ id: 'c1', name: 'Shop' }],
  fields: ['contact'],
  optedOutCount: 0,
  counts: { sent: 0, limited: 0, 'no-address': 0, 'invalid-address': 0, 'opted-out': 0 },
  problems: [],
}

it('customers are told only once a channel is chosen; fields that are not set are left out', async () => {
  const sent = server(({ body }) => Response.json({ ...view, settings: body, version: 'two' }))
  const stages = [{ ...plainStage('ship'), name: { zh: '发货', en: 'Dispatch' } }]
  const process = { code: 'default', name: { zh: '订单', en: 'Orders' }, stages, acceptsNewStages: true, goals: {} }
  await render(<NewsForm view={view} processes={[process]} asOf={0} />)
  fireEvent.click(screen.getByLabelText('Send emails to customers'))
  press('Save')
  expect((await screen.findByText('Must not be empty')).isConnected).toBe(true)
  expect(sent).toEqual([])
  fill('Sent through', 'c1')
  fill('Language', 'zh')
  // A stage that the process no longer has can be removed.
  expect(screen.getAllByText('gone')[0]?.isConnected).toBe(true)
  fireEvent.click(screen.getByLabelText('Put on hold'))
  press('Save')
  await waitFor(() => expect(sent).toHaveLength(1))
  const { settings } = view
  expect(sent[0]).toMatchObject({ path: '/api/v1/customer-news', method: 'PUT', version: '"one"' })
  expect(sent[0]?.body).toEqual({ ...settings, enabled: true, held: true, channel: 'c1', language: 'zh' })
})
