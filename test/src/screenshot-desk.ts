import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import type { Page } from 'playwright-core'
import { measureBackTestAnswer } from './fixture/alert-answers.ts'
import { deskAnswers, signIn } from './fixture/desk-answers.ts'
import { statusOk } from './fixture/status-answers.ts'
import { departmentList, noDepartments, teamOf } from './fixture/team-answers.ts'
import { DeskServer, type DeskAnswers } from './fixture/desk-server.ts'
import { takeDeskShots } from './harness/desk-shots.ts'

/**
 * Takes screenshots of the administration pages in every state, with prepared responses, for visual review:
 * `node test/src/screenshot-desk.ts [--theme dark] [--size phone] [--language zh] [name …]`.
 */
interface Shot {
  readonly name: string
  readonly path: string
  readonly role?: Role
  readonly answers?: DeskAnswers
  readonly before?: (page: Page) => Promise<void>
}

const visitor = { 'GET /api/v1/me': 'unauthorized' }
const token = 'token=Zq3v0mN1xT7kC5yRb2LwHs8dEfUgJ4aP'

const noAlerts = { alerts: [], openCount: 0, waitingCount: 0 }

const shots: readonly Shot[] = [
  { name: 'sign-in', path: '/sign-in', answers: { ...visitor, 'GET /api/v1/sign-in': { ...signIn, sampleRoles: [] } } },
  { name: 'sign-in-sample', path: '/sign-in', answers: visitor },
  {
    name: 'sign-in-setup',
    path: '/sign-in',
    answers: { ...visitor, 'GET /api/v1/sign-in': { needsSetup: true, mail: false, sampleRoles: [] } },
  },
  {
    name: 'sign-in-second-factor',
    path: '/sign-in',
    answers: { ...visitor, 'GET /api/v1/sign-in': { ...signIn, sampleRoles: [] } },
    before: enter,
  },
  {
    name: 'sign-in-wrong',
    path: '/sign-in',
    answers: {
      ...visitor,
      'GET /api/v1/sign-in': { needsSetup: false, mail: false, sampleRoles: [] },
      'POST /api/auth/sign-in/email': 'rate_limited',
    },
    before: enter,
  },
  { name: 'sign-in-error', path: '/sign-in', answers: { ...visitor, 'GET /api/v1/sign-in': 'not_ready' } },
  {
    name: 'setup',
    path: `/setup#${token}`,
    answers: { ...visitor, 'GET /api/v1/sign-in': { needsSetup: true, mail: false, sampleRoles: [] } },
  },
  { name: 'setup-done', path: '/setup', answers: visitor },
  { name: 'join', path: `/join#${token}`, answers: visitor },
  { name: 'join-self', path: `/join#${token}` },
  { name: 'forgot', path: '/forgot', answers: visitor },
  { name: 'reset', path: `/reset?${token}`, answers: visitor },
  { name: 'account', path: '/account' },
  { name: 'account-two-factor', path: '/account', before: enrol },
  { name: 'people', path: '/people' },
  { name: 'people-edit', path: '/people', before: saveFirstPerson },
  {
    name: 'people-remove',
    path: '/people',
    before: (page) =>
      page
        .getByRole('button', { name: /^(Remove|移除): / })
        .nth(1)
        .click(),
  },
  { name: 'people-invited', path: '/people', before: inviteSomebody },
  { name: 'people-manager', path: '/people', role: 'manager' },
  { name: 'people-forbidden', path: '/people', role: 'lead' },
  { name: 'people-error', path: '/people', answers: { 'GET /api/v1/people': 'internal' } },
  { name: 'people-loading', path: '/people', answers: { 'GET /api/v1/people': 'never' } },
  { name: 'tasks', path: '/tasks?segment=all' },
  { name: 'approvals', path: '/approvals' },
  { name: 'approval', path: '/approvals?approval=7' },
  { name: 'analysis-approvals', path: '/analysis/approvals' },
  { name: 'alert', path: '/alerts?alert=40' },
  { name: 'handover', path: '/handover' },
  {
    name: 'handover-settings',
    path: '/handover',
    before: async (page) => {
      await page.getByRole('button', { name: /^(Settings|设置)$/ }).click()
      await page.getByRole('dialog').getByRole('combobox').click()
    },
  },
  { name: 'past-handover', path: '/handover/1' },
  { name: 'team', path: '/team' },
  { name: 'team-edit', path: '/team', before: editFirst },
  { name: 'team-own', path: '/team', role: 'operator', before: editFirst },
  { name: 'team-loading', path: '/team', answers: { 'GET /api/v1/team': 'never' } },
  { name: 'team-error', path: '/team', answers: { 'GET /api/v1/team': 'internal' } },
  { name: 'team-conflict', path: '/team', before: changeTeamElsewhere },
  { name: 'departments', path: '/departments' },
  { name: 'departments-edit', path: '/departments', before: editFirst },
  { name: 'departments-merge', path: '/departments', before: mergeFirst },
  { name: 'departments-conflict', path: '/departments', before: changeDepartmentElsewhere },
  { name: 'departments-lead', path: '/departments', role: 'lead' },
  { name: 'departments-forbidden', path: '/departments', role: 'viewer' },
  { name: 'departments-empty', path: '/departments', answers: { 'GET /api/v1/departments': noDepartments } },
  { name: 'departments-loading', path: '/departments', answers: { 'GET /api/v1/departments': 'never' } },
  { name: 'departments-error', path: '/departments', answers: { 'GET /api/v1/departments': 'internal' } },
  { name: 'account-profile-wrong', path: '/account', before: saveWrongProfile },
  { name: 'keys', path: '/keys' },
  { name: 'keys-empty', path: '/keys', answers: { 'GET /api/v1/keys': { keys: [] } } },
  { name: 'keys-created', path: '/keys', before: createKey },
  { name: 'changes', path: '/changes', before: (page) => page.locator('summary').first().click() },
  { name: 'changes-empty', path: '/changes', answers: { 'GET /api/v1/admin/changes': { changes: [] } } },
  { name: 'sources', path: '/sources' },
  {
    name: 'sources-empty',
    path: '/sources',
    answers: {
      'GET /api/v1/sources': { asOf: Date.now(), sources: [], moreCount: 0 },
      'GET /api/v1/quarantine/causes': { total: 0, causes: [] },
    },
  },
  {
    name: 'sources-edit',
    path: '/sources',
    before: (page) =>
      page
        .getByRole('button', { name: /^(Edit|编辑): / })
        .first()
        .click(),
  },
  { name: 'status', path: '/status' },
  { name: 'status-ok', path: '/status', answers: { 'GET /api/v1/admin/status': statusOk(Date.now()) } },
  { name: 'status-loading', path: '/status', answers: { 'GET /api/v1/admin/status': 'never' } },
  { name: 'status-error', path: '/status', answers: { 'GET /api/v1/admin/status': 'internal' } },
  {
    name: 'version-mixed',
    path: '/sources',
    answers: {
      'GET /api/v1/admin/versions': {
        version: '0.1.0',
        running: [
          { version: '0.1.0', count: 1 },
          { version: '0.2.0', count: 2 },
        ],
      },
    },
  },
  {
    name: 'version-upgraded',
    path: '/sources',
    answers: {
      'GET /api/v1/admin/versions': {
        version: '0.2.0',
        running: [{ version: '0.2.0', count: 2 }],
        upgrade: { from: '0.1.0', at: Date.now() - 86_400_000 },
      },
    },
  },
  { name: 'version-newer', path: '/sources', answers: { 'GET /healthz': { status: 'ok', version: '0.2.0' } } },
  {
    name: 'version-news',
    path: '/status',
    answers: { 'GET /api/v1/admin/status': statusOk(Date.now()) },
    before: (page) => page.locator('#whats-new summary').first().click(),
  },
  { name: 'status-cut', path: '/status', before: cut },
  { name: 'status-forbidden', path: '/status', role: 'manager' },
  { name: 'screens', path: '/screens' },
  { name: 'screens-empty', path: '/screens', answers: { 'GET /api/v1/screens': { screens: [], build: '' } } },
  {
    name: 'screens-edit',
    path: '/screens',
    before: (page) => page.locator('#content [aria-expanded]').first().click(),
  },
  {
    name: 'screens-revoke',
    path: '/screens',
    before: (page) =>
      page
        .getByRole('button', { name: /^(Revoke|撤销): / })
        .first()
        .click(),
  },
  { name: 'alerts', path: '/alerts' },
  { name: 'alerts-log', path: '/alerts?alert=40' },
  { name: 'alerts-snooze', path: '/alerts', before: openSnooze },
  { name: 'alerts-hand-over', path: '/alerts', before: openHandOver },
  { name: 'alerts-viewer', path: '/alerts', role: 'viewer' },
  { name: 'alerts-none', path: '/alerts', answers: { 'GET /api/v1/alerts': noAlerts } },
  {
    name: 'alerts-no-rules',
    path: '/alerts',
    answers: { 'GET /api/v1/alerts': noAlerts, 'GET /api/v1/alert-rules': { rules: [] } },
  },
  { name: 'alerts-loading', path: '/alerts', answers: { 'GET /api/v1/alerts': 'never' } },
  { name: 'alerts-error', path: '/alerts', answers: { 'GET /api/v1/alerts': 'internal' } },
  { name: 'alerts-cut', path: '/alerts', before: cut },
  { name: 'alert-rules', path: '/alerts?tab=rules' },
  { name: 'alert-rules-edit', path: '/alerts?tab=rules&rule=r2', before: tryRule },
  { name: 'alert-rules-new', path: '/alerts?tab=rules&rule=new' },
  {
    name: 'alert-rules-key-figure',
    path: '/alerts?tab=rules&rule=r7',
    answers: { 'POST /api/v1/alert-rules/back-test': measureBackTestAnswer(Date.now()) },
    before: tryRule,
  },
  { name: 'alert-rules-carrier', path: '/alerts?tab=rules&rule=new-noNews' },
  { name: 'alert-rules-first', path: '/alerts?tab=rules', answers: { 'GET /api/v1/alert-rules': { rules: [] } } },
  { name: 'alert-rules-lead', path: '/alerts?tab=rules&rule=r2', role: 'lead' },
  { name: 'alert-rules-forbidden', path: '/alerts?tab=rules', role: 'viewer' },
  { name: 'pair', path: '/pair' },
  { name: 'pair-wrong', path: '/pair?code=AEIO' },
  { name: 'pair-unknown', path: '/pair?code=ZZZZZZZZ' },
  { name: 'pair-approve', path: '/pair?code=BCDFGHJK', role: 'lead', before: proposeDensity },
  { name: 'privacy', path: '/privacy' },
  { name: 'privacy-removal', path: '/privacy', before: lookForName },
  { name: 'privacy-conflict', path: '/privacy', before: saveElsewhere },
  { name: 'people-cut', path: '/people', before: cut },
]

await takeDeskShots(
  shots.map(({ name, path, role = 'administrator', answers, before }) => ({
    name,
    async open(page) {
      const server = new DeskServer({ ...deskAnswers(role, Date.now()), ...answers })
      await page.goto(`${await server.run()}${path}`)
      await page.waitForTimeout(700)
      await before?.(page)
      return () => server.close()
    },
  })),
)

async function enter(page: Page): Promise<void> {
  await page.locator('[name=email]').fill('chen.wei@example.com')
  await page.locator('[name=password]').fill('a long password')
  await page.locator('form [type=submit]').click()
}

async function enrol(page: Page): Promise<void> {
  await page.locator('[name=password]').last().fill('a long password')
  await page.locator('form [type=submit]').last().click()
}

async function saveFirstPerson(page: Page): Promise<void> {
  await page.locator('td button').first().click()
  await page.locator('tr:has(form) [type=submit]').click()
}

async function inviteSomebody(page: Page): Promise<void> {
  await page.locator('[name=email]').fill('he.jing@example.com')
  await page.locator('form [type=submit]').click()
}

async function editFirst(page: Page): Promise<void> {
  await page.locator('td button').first().click()
}

async function mergeFirst(page: Page): Promise<void> {
  await editFirst(page)
  await page.locator('tr select').last().selectOption({ index: 1 })
  await page
    .getByRole('button', { name: /^(Merge|合并): / })
    .first()
    .click()
}

/** Saves the same object as another person while it is being edited. */
async function changeElsewhere(page: Page, path: string, json: unknown): Promise<void> {
  await editFirst(page)
  await page.route(`**${path}`, (route) => route.fulfill({ json }))
  // Fresh data is not fetched again.
  await page.waitForTimeout(2_500)
  await page.evaluate(() => dispatchEvent(new Event('visibilitychange')))
  await page.waitForTimeout(500)
}

async function changeDepartmentElsewhere(page: Page): Promise<void> {
  const changed = departmentList.departments.map((one) => ({ ...one, aliases: ['IQC'], version: 'two' }))
  await changeElsewhere(page, '/api/v1/departments', { ...departmentList, departments: changed })
}

async function changeTeamElsewhere(page: Page): Promise<void> {
  const team = teamOf('administrator', Date.now())
  const people = team.people.map((one) => ({ ...one, skills: ['paint'], version: 'two' }))
  await changeElsewhere(page, '/api/v1/team', { ...team, people })
}

async function saveWrongProfile(page: Page): Promise<void> {
  await page.locator('[type=tel]').first().fill('13800138000')
  await page.locator('form:has([type=tel]) [type=submit]').click()
}

async function createKey(page: Page): Promise<void> {
  await page.locator('[name=name]').fill('ERP')
  await page.locator('form [type=submit]').click()
}

async function proposeDensity(page: Page): Promise<void> {
  await page.locator('[inputmode]').nth(0).fill('55')
  await page.locator('[inputmode]').nth(1).fill('5')
}

async function lookForName(page: Page): Promise<void> {
  await page.locator('[name=name]').fill('上海远景机电')
  await page.locator('[name=reason]').fill('2026-32')
  await page.locator('form:has([name=name]) [type=submit]').click()
}

async function saveElsewhere(page: Page): Promise<void> {
  await page.locator('[type=checkbox]').first().click({ force: true })
  const json = { customers: 'masked', amounts: 'hidden', people: 'team', version: 'two' }
  await page.route('**/api/v1/privacy', (route) => route.fulfill({ json }))
  await page.evaluate(() => dispatchEvent(new Event('visibilitychange')))
}

async function cut(page: Page): Promise<void> {
  await page.route('**/readyz', (route) => route.abort())
  await page.reload()
  await page.waitForTimeout(700)
}

async function openHandOver(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Hand over: |移交：)/ })
    .first()
    .click()
}

async function openSnooze(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Snooze: |稍后提醒：)/ })
    .first()
    .click()
}

async function tryRule(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(Try on|用近)/ }).click()
  await page.locator('summary').click()
}
