import { readFile } from 'node:fs/promises'
import { orderDetail } from '@stagewatch/shared/contract/orders.ts'
import { sitePrivacy } from '@stagewatch/shared/contract/privacy.ts'
import { ownSite } from '@stagewatch/shared/contract/sites.ts'
import { siteConfigAnswer, type SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { languagesFor } from '../harness/skip.ts'
import { openDeskAs, type DeskPage } from './desk-page.ts'
import { startDeskPlant, type DeskPlant } from './desk-plant.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

const words = {
  en: {
    add: 'Add calendar',
    next: 'Next month',
    holiday: 'holiday',
    makeUp: 'make-up working day',
    save: 'Save',
    saved: 'Saved',
    imported: 'Holidays added: 1, replaced: 0, already there: 0',
    cell: 'Calendar: Sewing',
    release: 'Release',
    past: 'Also the past',
    released: 'Released',
    download: 'Download',
    differs: 'edited.json changes 2 settings',
    limit: 'Sewing › Limit',
    privacy: 'Privacy',
    apply: 'Apply',
    conflict: /^Somebody changed the configuration meanwhile/,
    again: 'Compare again',
    applied: /^Applied\./,
    takeBack: 'Take back',
    before: 'The configuration of before changes 2 settings',
    unreadable: /^This file is not JSON/,
  },
  zh: {
    add: '添加日历',
    next: '下个月',
    holiday: '节假日',
    makeUp: '调休补班',
    save: '保存',
    saved: '已保存',
    imported: '新增 1 天，替换 0 天，已有 0 天',
    cell: '缝制 · 日历',
    release: '发布',
    past: '同时更正过去',
    released: '已发布',
    download: '下载',
    differs: 'edited.json 将改动 2 项设置',
    limit: '缝制 › 时限',
    privacy: '隐私',
    apply: '应用',
    conflict: /^期间配置已被他人修改/,
    again: '重新比对',
    applied: /^已应用/,
    takeBack: '撤回',
    before: '应用前的配置 将改动 2 项设置',
    unreadable: /^此文件不是 JSON/,
  },
} as const
type Words = (typeof words)[keyof typeof words]

describe('whoever looks after the rules of a site on the desk', () => {
  let plant: DeskPlant
  let timeZone: string
  let usualDue: number | undefined
  let calendars = 0

  beforeAll(async () => {
    plant = await startDeskPlant()
    timeZone = ownSite.parse((await plant.ada.call('/api/v1/site')).body).timeZone
    usualDue = (await order()).visits.at(-1)?.dueAt
  }, 120_000)
  afterAll(() => plant.close())

  const order = async () => orderDetail.parse((await plant.ada.call('/api/v1/orders/FINE-000')).body)
  const config = async () => siteConfigAnswer.parse((await plant.ada.call('/api/v1/admin/config')).body).config
  /** `YYYY-MM-DD` in the site's time zone. */
  const dateOf = (at: number) => new Date(at).toLocaleDateString('sv-SE', { timeZone })
  const dueOf = (workingMs: number, enteredAt: number, isWorking: (date: string) => boolean): number => {
    let at = enteredAt
    for (let left = workingMs; left > 0; at += 60_000) {
      const time = new Date(at).toLocaleTimeString('sv-SE', { timeZone })
      if (isWorking(dateOf(at)) && !time.startsWith('12:')) left -= 60_000
    }
    return at
  }

  test.for(languagesFor('zh'))(
    'makes a calendar, has a stage count by it, and moves the configuration as a file there and back (%s)',
    { timeout: 240_000 },
    async (language, { browser }) => {
      const text = words[language]
      onTestFinished(restoreRules)
      const calendar = `Week ${++calendars}`
      const desk = await openDeskAs(browser, plant.url, plant.ada, '/calendars', { language })
      const { enteredAt = 0 } = (await order()).visits.at(-1) ?? {}
      // Today and the next two days are holidays; the fourth day is off by its weekday and becomes a make-up day.
      const dates = [0, 1, 2, 3].map((days) => dateOf(Date.now() + days * dayMs))
      await makeCalendar(desk, text, calendar, dates)
      const isWorking = (date: string) => !dates.slice(0, 3).includes(date)
      const expectDue = (hours: number) =>
        eventually(async () => {
          const due = (await order()).visits.at(-1)?.dueAt ?? 0
          expect(Math.abs(due - dueOf(hours * hourMs, enteredAt, isWorking))).toBeLessThan(2 * 60_000)
        })

      await desk.page.goto(`${plant.url}/processes`)
      await desk.page.getByLabel(text.cell, { exact: true }).selectOption({ label: calendar })
      await desk.press(text.release)
      const dialog = desk.page.getByRole('dialog')
      await dialog.getByText(text.past, { exact: true }).click()
      await dialog.locator('[name=reason]').fill('by the shifts')
      await dialog.getByRole('button', { name: text.release, exact: true }).click()
      await desk.sees(text.released)
      await expectDue(8)

      const before = await config()
      await moveConfiguration(desk, text, before, {
        meanwhile: () => savePrivacy({ amounts: 'hidden' }),
        applied: async () => {
          await expectDue(1)
          expect((await config()).privacy.customers).toBe('masked')
        },
      })
      await expectDue(8)
      expect(await config()).toEqual({ ...before, privacy: { ...before.privacy, amounts: 'hidden' } })
      expect(desk.errors).toEqual([])
    },
  )

  /** Restores the rules that the next test, or a retry of this one, expects. */
  async function restoreRules(): Promise<void> {
    await savePrivacy({ amounts: 'shown', customers: 'shown' })
    const { definition } = (await config()).processes['default']!.at(-1)!
    const stages = definition.stages.map(({ calendar: _none, ...stage }) =>
      stage.code === 'sew' ? { ...stage, targetMs: 8 * hourMs } : stage,
    )
    await (await plant.server.sites.get('main')).saveProcess({ ...definition, stages })
    await eventually(async () => expect((await order()).visits.at(-1)?.dueAt).toBe(usualDue))
  }

  async function savePrivacy(change: object): Promise<void> {
    const { version, ...stored } = sitePrivacy.parse((await plant.ada.call('/api/v1/privacy')).body)
    const headers = { 'if-match': `"${version}"` }
    const reply = await plant.ada.call('/api/v1/privacy', { method: 'PUT', body: { ...stored, ...change }, headers })
    expect(reply).toMatchObject({ status: 200 })
  }
})

/** Shifts with a break on six days, three holidays (one of them from a file), and a make-up day. */
async function makeCalendar(desk: DeskPage, text: Words, name: string, dates: readonly string[]): Promise<void> {
  const { page } = desk
  const [today = '', imported = '', other = '', makeUp = ''] = dates
  await desk.press(text.add)
  const added = page.locator('form').first()
  for (const field of await added.locator('input[type=text], input:not([type])').all()) {
    if ((await field.inputValue()) === 'Day shift' || (await field.inputValue()) === '常白班') await field.fill(name)
  }
  const freeDay = (new Date(`${makeUp}T00:00Z`).getUTCDay() + 6) % 7
  const days = added.locator('fieldset input')
  for (let day = 0; day < 7; day++) {
    await days.nth(day).fill(day === freeDay ? '' : '00:00–12:00, 13:00–24:00')
    await days.nth(day).blur()
  }
  let shown = today.slice(0, 7)
  const dayOf = async (card: typeof added, date: string) => {
    if (date.slice(0, 7) !== shown) {
      await card.getByRole('button', { name: text.next }).click()
      shown = date.slice(0, 7)
    }
    return card.locator('button', { hasText: new RegExp(`^${Number(date.slice(8))}$`) })
  }
  for (const date of [today, other, makeUp]) await (await dayOf(added, date)).click()
  expect(await (await dayOf(added, makeUp)).getAttribute('aria-label')).toContain(text.makeUp)
  expect(await axeViolations(page)).toEqual([])
  expect(await desk.problems()).toEqual([])
  await added.getByRole('button', { name: text.save, exact: true }).click()
  await desk.sees(text.saved)

  const card = page.locator('section', { has: page.getByRole('heading', { name: new RegExp(`^${name}`) }) })
  const file = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:test',
    'BEGIN:VEVENT',
    'UID:1',
    `DTSTART;VALUE=DATE:${imported.replaceAll('-', '')}`,
    'SUMMARY:Founding day',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ]
  const buffer = Buffer.from(file.join('\r\n'))
  await card.locator('input[type=file]').setInputFiles({ name: 'plant.ics', mimeType: 'text/calendar', buffer })
  await desk.sees(text.imported)
  shown = today.slice(0, 7)
  const labels: (string | null)[] = []
  for (const date of dates) labels.push(await (await dayOf(card, date)).getAttribute('aria-label'))
  expect(labels).toEqual([
    expect.stringContaining(text.holiday),
    expect.stringContaining('Founding day'),
    expect.stringContaining(text.holiday),
    expect.stringContaining(text.makeUp),
  ])
}

interface Expected {
  /** A change that somebody else makes before the file is applied. */
  readonly meanwhile: () => Promise<void>
  /** Runs after the file was applied. */
  readonly applied: () => Promise<void>
}

/** Downloads the configuration, edits and applies it, and reverts it. */
async function moveConfiguration(
  desk: DeskPage,
  text: Words,
  before: SiteConfig,
  { meanwhile, applied }: Expected,
): Promise<void> {
  const { page } = desk
  await page.goto(new URL('/configuration', page.url()).href)
  const saved = page.waitForEvent('download')
  await desk.press(text.download)
  const download = await saved
  expect(download.suggestedFilename()).toMatch(/^stagewatch-main-[\w-]{8}\.json$/)
  const exported = JSON.parse(await readFile(await download.path(), 'utf8')) as SiteConfig
  expect(exported).toEqual(before)
  const versions = exported.processes['default']!
  const edited = {
    ...exported,
    privacy: { ...exported.privacy, customers: 'masked' },
    processes: {
      ...exported.processes,
      default: versions.map((version) => ({
        ...version,
        definition: {
          ...version.definition,
          stages: version.definition.stages.map((stage) =>
            stage.code === 'sew' ? { ...stage, targetMs: hourMs } : stage,
          ),
        },
      })),
    },
  }
  const choose = (content: string) =>
    page
      .locator('input[type=file]')
      .setInputFiles({ name: 'edited.json', mimeType: 'application/json', buffer: Buffer.from(content) })
  await choose('name: no JSON')
  await desk.sees(text.unreadable)
  await choose(JSON.stringify(edited))
  await desk.sees(text.differs)
  const changes = await page.locator('#content table tbody tr').allInnerTexts()
  expect(changes.map((change) => change.split(/\s*\t\s*/))).toEqual(
    expect.arrayContaining([[text.limit, '8h 00m', '1h 00m']]),
  )
  expect(changes).toHaveLength(2)
  await page.getByRole('region', { name: text.privacy }).waitFor()
  expect(await axeViolations(page)).toEqual([])
  expect(await desk.problems()).toEqual([])

  await meanwhile()
  const apply = async (reason: string) => {
    await page.locator('[name=reason]').fill(reason)
    await desk.press(text.apply)
  }
  await apply('tried out')
  await desk.sees(text.conflict)
  await desk.press(text.again)
  // The file would revert the change that the other person made.
  await desk.sees(/edited\.json .*3/)
  await choose(JSON.stringify({ ...edited, privacy: { ...edited.privacy, amounts: 'hidden' } }))
  await desk.sees(text.differs)
  await apply('tried out')
  await desk.sees(text.applied)
  await applied()
  await desk.press(text.takeBack)
  await desk.sees(text.before)
  await apply('too early')
  await desk.sees(text.applied)
}
