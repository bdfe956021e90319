import type { AlertRuleView } from '@stagewatch/shared/contract/alerts.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, it, vi } from 'vitest'
import { MeContext } from '../../../api/session.ts'
import { renderDesk } from '../../../components/testing/render-desk.tsx'
import { RuleEditor } from './rule-editor.tsx'

const hourMs = 3_600_000
const saved: AlertRuleView = {
  id: 'r1',
  name: 'Stalled',
  enabled: true,
  makesTask: false,
  severity: 'warning',
  condition: { kind: 'stalled', afterMs: 4 * hourMs, clock: 'working' },
  scope: { stages: ['qc'] },
  ladder: [
    { afterMs: 0, to: [{ kind: 'owner' }] },
    { afterMs: hourMs, to: [{ kind: 'leads' }] },
  ],
  acknowledgedForMs: 8 * hourMs,
  mergeMs: 0,
  createdAt: 0,
  activeFrom: 0,
  week: { alertCount: 3, acknowledgedCount: 0, noiseCount: 0, messageCount: 3 },
  version: 'v1',
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a rule names what is missing at its field, swaps who is told, and is saved over the version that was read', async () => {
  const sent: { readonly body: string; readonly headers: object }[] = []
  vi.stubGlobal('fetch', (_: string, init: { method: string; body: string; headers: object }) => {
    if (init.method === 'PUT') sent.push(init)
    return Promise.resolve(
      Response.json({ processes: [], histories: [], defaultProcess: null, people: [], invitations: [] }),
    )
  })
  const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
  const actions = [...actionsOf('manager', undefined)]
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <RuleEditor rule={saved} asOf={0} onDone={() => undefined} />
    </MeContext>,
  )
  const save = () => fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  const duration = screen.getByRole<HTMLInputElement>('textbox', { name: 'Duration' })
  expect([duration.value, screen.getByRole<HTMLSelectElement>('combobox', { name: 'Unit: Duration' }).value]).toEqual([
    '4',
    'h',
  ])
  fireEvent.change(duration, { target: { value: '' } })
  save()
  expect(screen.getByText('Must not be empty').isConnected).toBe(true)
  expect(sent).toEqual([])

  fireEvent.change(duration, { target: { value: '6' } })
  expect(screen.queryByText('Must not be empty')).toBeNull()
  // Longer than the delay of the next step.
  const delays = screen.getAllByRole('textbox', { name: /^Delay: / })
  fireEvent.change(delays[0] as HTMLElement, { target: { value: '90' } })
  save()
  expect(screen.getByText('Each step has to wait longer than the one before.').isConnected).toBe(true)
  fireEvent.change(delays[0] as HTMLElement, { target: { value: '15' } })
  fireEvent.click(screen.getByRole('button', { name: 'Move up: step 2' }))
  save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ headers: { 'if-match': '"v1"' } })
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    name: 'Stalled',
    enabled: true,
    makesTask: false,
    severity: 'warning',
    condition: { kind: 'stalled', afterMs: 6 * hourMs, clock: 'working' },
    scope: { stages: ['qc'] },
    ladder: [
      { afterMs: 15 * 60_000, to: [{ kind: 'leads' }] },
      { afterMs: hourMs, to: [{ kind: 'owner' }] },
    ],
    acknowledgedForMs: 8 * hourMs,
    mergeMs: 0,
  })
})
