import { alertRuleRequest } from '@stagewatch/shared/contract/alert-rules.ts'
import type { AlertRuleView } from '@stagewatch/shared/contract/alert-rules.ts'
import { actionsOf } from '@stagewatch/shared/domain/access/action.ts'
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
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

const privacy = { customers: 'shown', amounts: 'shown', people: 'shown' } as const
const actions = [...actionsOf('manager', undefined)]

/** Opens the editor, and returns the requests that change rules as they are sent. */
async function openEditor(
  rule: AlertRuleView | undefined,
  options?: { language: 'en' | 'zh' },
  pastAnswer: () => Response = () => Response.error(),
) {
  const sent: { readonly body: string; readonly headers: object }[] = []
  const process = { code: 'machining', name: { zh: '机加工', en: 'Machining' } }
  const stage = { name: { zh: '运输', en: 'Transit' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  const processes = [
    { ...process, stages: [{ ...stage, code: 'transit' }], goals: {}, acceptsNewStages: true },
    { code: 'assembly', name: { zh: '装配', en: 'Assembly' }, stages: [], goals: {}, acceptsNewStages: true },
  ]
  const departments = [
    { key: 'quality', name: { zh: '质检部', en: 'Quality' }, aliases: ['QC'], archived: false },
    { key: 'paint', name: { zh: '喷涂部', en: 'Paint shop' }, aliases: [], archived: true },
  ]
  vi.stubGlobal('fetch', (url: string, init: { method: string; body: string; headers: object }) => {
    if (url.includes('/back-test')) return Promise.resolve(pastAnswer())
    if (init.method === 'PUT' || init.method === 'POST') sent.push(init)
    return Promise.resolve(
      Response.json({
        id: 'r9',
        processes,
        histories: [],
        defaultProcess: null,
        people: [],
        invitations: [],
        departments,
      }),
    )
  })
  await renderDesk(
    <MeContext value={{ kind: 'person', name: 'Ada', site: 'east', actions, privacy, sites: [] }}>
      <RuleEditor rule={rule} ready={rule === undefined ? 'noNews' : undefined} asOf={0} onDone={() => undefined} />
    </MeContext>,
    options,
  )
  return sent
}

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

it('a rule names what is missing at its field, swaps who is told, and is saved over the version that was read', async () => {
  const sent = await openEditor(saved)
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

const select = (name: string) => screen.getByRole<HTMLSelectElement>('combobox', { name })
const input = (name: string) => screen.getByRole<HTMLInputElement>('textbox', { name })
const choose = (name: string, value: string) => fireEvent.change(select(name), { target: { value } })
const type = (name: string, value: string) => fireEvent.change(input(name), { target: { value } })

it('a rule about a key figure shows its unit and its side, and refuses to end where it still warns', async () => {
  const sent = await openEditor({ ...saved, scope: { processes: ['machining'], stages: ['qc'] } })
  expect(screen.getByRole('combobox', { name: 'Stages' }).isConnected).toBe(true)
  choose('Condition', 'measure')
  choose('Measure', 'onTimeRatio')
  expect([input('Warn below').value, input('Clear at').value]).toEqual(['90%', '93%'])
  expect(screen.queryByRole('combobox', { name: 'Warn when' })).toBeNull()
  expect(screen.queryByRole('combobox', { name: 'Stages' })).toBeNull()
  await screen.findByText('The on-time rate of Machining is below 90%, for 30 minutes')
  type('Clear at', '85')
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  expect(screen.getByText('Must not be below the warning value.').isConnected).toBe(true)
  type('Clear at', '95')

  choose('Measure', 'leadTimeMs')
  expect([input('Warn above').value, select('Unit: Warn above').value]).toEqual(['5', 'd'])
  choose('Measure', 'openCount')
  expect(input('Warn above').value).toBe('200')
  choose('Warn when', 'below')
  expect([input('Warn below').value, input('Clear at').value]).toEqual(['20', '25'])
  type('Warn below', '12')
  fireEvent.click(screen.getByRole('button', { name: 'Save' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    condition: { kind: 'measure', measure: 'openCount', below: 12, clearAt: 25, forMs: 30 * 60_000 },
    scope: { processes: ['machining'] },
  })
})

it('the predefined rule about carriers asks for the stages that only people can tell', async () => {
  const sent = await openEditor(undefined, { language: 'zh' })
  expect([input('时长').value, select('单位：时长').value]).toEqual(['2', 'd'])
  expect(screen.getByText('请选择由承运商负责的环节。').isConnected).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: '保存' }))
  expect(screen.getByText('不能为空').isConnected).toBe(true)
  expect(sent).toEqual([])
  fireEvent.click(screen.getByRole('combobox', { name: /环节/ }))
  fireEvent.click(await screen.findByText('运输'))
  fireEvent.click(screen.getByRole('button', { name: '保存' }))
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
    name: '物流无更新',
    names: { zh: '物流无更新', en: 'No carrier news' },
    condition: { kind: 'noNews', afterMs: 48 * hourMs },
    scope: { stages: ['transit'] },
  })
})

it('a ready-made name is saved in all languages, and only in the language of whoever edits it', async () => {
  const names = { zh: '停滞', en: 'Stalled' }
  const sent = await openEditor({ ...saved, name: 'Stalled', names }, { language: 'zh' })
  const bodies = () => sent.map(({ body }) => JSON.parse(body) as { name: string; names?: object })
  expect(input('规则名称').value).toBe('停滞')
  const save = () => fireEvent.click(screen.getByRole('button', { name: '保存' }))
  type('规则名称', 'Stalled')
  // Not replaced by the Chinese name while somebody types.
  expect(input('规则名称').value).toBe('Stalled')
  type('规则名称', '停滞')
  fireEvent.click(screen.getByRole('switch', { name: '启用规则' }))
  save()
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(bodies()[0]).toMatchObject({ name: '停滞', names })
  type('规则名称', 'Stalled 2')
  save()
  await waitFor(() => expect(sent).toHaveLength(2))
  expect(alertRuleRequest.parse(bodies()[1])).toMatchObject({ name: 'Stalled 2' })
  expect(alertRuleRequest.parse(bodies()[1])).not.toHaveProperty('names')
})

it.each([
  ['en', 'Department leads', 'Members of Paint shop', 'Members of Quality', 'Save', /^Recipients: step 2/],
  ['zh', '部门班组长', '喷涂部成员', '质检部成员', '保存', /^通知对象：第 2 步/],
] as const)(
  'a step notifies the members of departments, and an archived one stays until it is deselected (%s)',
  async (language, leads, archived, offered, save, step) => {
    const to = [{ kind: 'leads' }, { kind: 'department', id: 'paint' }] as const
    const ladder = [...saved.ladder.slice(0, 1), { afterMs: hourMs, to }]
    const sent = await openEditor({ ...saved, ladder }, { language })
    expect((await screen.findAllByText(archived)).length).toBeGreaterThan(0)
    expect(screen.getAllByText(leads).length).toBeGreaterThan(0)
    fireEvent.click(screen.getByRole('combobox', { name: step }))
    fireEvent.click((await screen.findAllByText(offered)).at(-1) as HTMLElement)
    fireEvent.click(screen.getByRole('button', { name: save }))
    await waitFor(() => expect(sent).toHaveLength(1))
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      ladder: [saved.ladder[0], { to: [{ kind: 'leads' }, { kind: 'department', id: 'quality' }, to[1]] }],
    })
  },
)

describe('trying a rule about a measure on the past', () => {
  const rule = {
    ...saved,
    condition: { kind: 'measure', measure: 'overdueRatio', above: 0.2, clearAt: 0.1, forMs: 0 },
    scope: {},
  } as const
  const none = { kind: 'measure', days: 30, alertCount: 0, maxPerDay: 0, placeCount: 2, alerts: [] } as const
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime()

  it('lists when each alert would have begun and ended, with the value and the worst one', async () => {
    const alerts = [
      { process: 'assembly', stage: '', source: '', beganAt: at(9, 14), value: 0.25, worstValue: 0.25 },
      {
        process: 'machining',
        stage: '',
        source: '',
        beganAt: at(5, 8),
        endedAt: at(5, 11),
        value: 0.21,
        worstValue: 0.4,
      },
    ]
    const answer = { ...none, alertCount: 1_214, maxPerDay: 12, knownFrom: at(2, 6), alerts }
    await openEditor(rule, undefined, () => Response.json(answer))
    fireEvent.click(screen.getByRole('button', { name: 'Try on the last 30 days' }))
    const found = await screen.findByText(/^1,214 alerts in 30 days, 12 a day at most\. There is data only since .*2/)
    expect(found.getAttribute('role')).toBe('status')
    expect(screen.getByText('Show the newest 2').isConnected).toBe(true)
    const items = screen.getAllByRole('listitem', { hidden: true }).map((row) => row.textContent)
    expect(items.slice(-2)).toEqual([
      expect.stringMatching(/^Assemblysince .*14:00 · 25%$/),
      expect.stringMatching(/^Machining.*08:00 – .*11:00 · 21%, rising to 40%$/),
    ])
    expect(screen.getByText(/By the times of the events, even if they were reported late/).isConnected).toBe(true)
  })

  it('says how much was examined when there were none, what is missing when there is nothing to examine', async () => {
    await openEditor(rule, { language: 'zh' }, () => Response.json(none))
    fireEvent.click(screen.getByRole('button', { name: '用近 30 日数据试算' }))
    expect((await screen.findByText('近 30 日回放 2 个流程，没有触发。')).isConnected).toBe(true)
    cleanup()
    const silence = { kind: 'measure', measure: 'silenceRatio', above: 3, clearAt: 1, forMs: 0 } as const
    await openEditor({ ...rule, condition: silence }, undefined, () => Response.json({ ...none, placeCount: 0 }))
    fireEvent.click(screen.getByRole('button', { name: 'Try on the last 30 days' }))
    expect((await screen.findByText(/^Nothing to measure: none of these data sources/)).isConnected).toBe(true)
  })

  it('shows why it failed', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Too many requests',
      status: 429,
      code: 'rate_limited',
      detail: 'a dry run of yours is still running',
      requestId: 'r',
    }
    await openEditor(rule, undefined, () => Response.json(problem, { status: 429 }))
    fireEvent.click(screen.getByRole('button', { name: 'Try on the last 30 days' }))
    expect((await screen.findByRole('alert')).textContent).not.toBe('')
    expect(screen.getByRole('button', { name: 'Try on the last 30 days' }).isConnected).toBe(true)
  })
})
