import type { Role } from '@stagewatch/shared/domain/access/role.ts'
import type { Page } from 'playwright-core'
import { deskAnswers, signIn } from './fixture/desk-answers.ts'
import { DeskServer, type DeskAnswers } from './fixture/desk-server.ts'
import { takeDeskShots } from './harness/desk-shots.ts'

/**
 * Pictures of the pages of administration in every state, for looking at, by answers that are written down:
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
  { name: 'pair', path: '/pair' },
  { name: 'pair-wrong', path: '/pair?code=AEIO' },
  { name: 'pair-unknown', path: '/pair?code=ZZZZZZZZ' },
  { name: 'pair-approve', path: '/pair?code=BCDFGHJK', role: 'lead', before: proposeDensity },
  { name: 'privacy', path: '/privacy' },
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

async function createKey(page: Page): Promise<void> {
  await page.locator('[name=name]').fill('ERP')
  await page.locator('form [type=submit]').click()
}

async function proposeDensity(page: Page): Promise<void> {
  await page.locator('[inputmode]').nth(0).fill('55')
  await page.locator('[inputmode]').nth(1).fill('5')
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
