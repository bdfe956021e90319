import { readFile } from 'node:fs/promises'
import { siteConfigAnswer } from '@stagewatch/shared/contract/site-config.ts'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { laptop, openDeskAs, phone } from './desk-page.ts'
import { startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

const hourMs = 3_600_000
const rule = {
  name: 'Overdue',
  names: { zh: '已超期', en: 'Overdue' },
  severity: 'warning',
  enabled: true,
  makesTask: false,
  condition: { kind: 'pastTarget', afterMs: hourMs },
  scope: {},
  ladder: [{ afterMs: 0, to: [{ kind: 'owner' }] }],
  acknowledgedForMs: hourMs,
  mergeMs: 0,
} as const

const words = {
  en: {
    link: 'Config file',
    page: 'Configuration',
    download: 'Download',
    apply: 'Apply',
    applied: /^Applied\./,
    parts: {
      'Alert rule: Overdue': ['Severity | Warning | Critical', 'Condition › Duration | 1h 00m | 2h 00m'],
      'Department: Finished goods': ['Name › 中文 | 仓库 | 成品库', 'Name › English | Store | Finished goods'],
      'Shift handovers': [
        'Finished goods › Switched on | — | Yes',
        'Finished goods › Minutes into the next shift until confirmation is overdue | — | 60',
      ],
      'Message texts': [
        'Alert about one order › English › Title | — | Late: {order}',
        'Alert about one order › English › Text | — | In {stage}',
      ],
      'Emails to customers': ['Put on hold | No | Yes'],
      Skills: ['No. 1 › Key | — | welding', 'No. 1 › Name › 中文 | — | 焊接', 'No. 1 › Name › English | — | Welding'],
      'Task rules': ['Minutes until an unconfirmed task goes to the lead | 30 | 45'],
    },
  },
  zh: {
    link: '配置文件',
    page: '配置',
    download: '下载',
    apply: '应用',
    applied: /^已应用/,
    parts: {
      '预警规则：已超期': ['级别 | 警告 | 严重', '条件 › 时长 | 1h 00m | 2h 00m'],
      '部门：成品库': ['名称 › 中文 | 仓库 | 成品库', '名称 › English | Store | Finished goods'],
      交接班: ['成品库 › 启用 | — | 是', '成品库 › 下一班开始后多少分钟未确认即为逾期 | — | 60'],
      消息文本: [
        '单个订单的预警 › English › 标题 | — | Late: {order}',
        '单个订单的预警 › English › 正文 | — | In {stage}',
      ],
      客户通知: ['挂起 | 否 | 是'],
      技能: [
        '第 1 项 › 代码 | — | welding',
        '第 1 项 › 名称 › 中文 | — | 焊接',
        '第 1 项 › 名称 › English | — | Welding',
      ],
      任务规则: ['多久未确认转给负责人（分钟） | 30 | 45'],
    },
  },
} as const

describe('the configuration of a site as a file', () => {
  let plant: DeskPlant
  beforeAll(async () => {
    plant = await startDeskPlant()
    const settings = { name: { zh: '仓库', en: 'Store' }, aliases: [], archived: false }
    const saved = await plant.ada.call('/api/v1/departments/store', { method: 'PUT', body: settings })
    expect(saved).toMatchObject({ status: 200 })
    expect(await plant.ada.call('/api/v1/alert-rules', { body: rule })).toMatchObject({ status: 200 })
  }, 120_000)
  afterAll(() => plant.close())

  const stored = async () => siteConfigAnswer.parse((await plant.ada.call('/api/v1/admin/config')).body)

  /** The configuration with a change in each part other than processes, calendars and privacy. */
  function edited(before: SiteConfig): SiteConfig {
    const [id = ''] = Object.keys(before.alertRules ?? {})
    const first = before.alertRules?.[id]
    const { store } = before.departments ?? {}
    if (
      first === undefined ||
      store === undefined ||
      before.taskRules === undefined ||
      before.customerNews === undefined
    )
      throw new Error('nothing stored')
    const condition = { kind: 'pastTarget', afterMs: 2 * hourMs } as const
    return {
      ...before,
      alertRules: { [id]: { ...first, severity: 'critical', condition } },
      departments: { ...before.departments, store: { ...store, name: { zh: '成品库', en: 'Finished goods' } } },
      skills: [{ key: 'welding', name: { zh: '焊接', en: 'Welding' } }],
      messageTexts: { 'alert.order': { en: { title: 'Late: {order}', body: 'In {stage}' } } },
      customerNews: { ...before.customerNews, held: !before.customerNews.held },
      taskRules: { ...before.taskRules, confirmMinutes: 45 },
      handovers: { store: { enabled: true, confirmWithinMinutes: 60 } },
    }
  }

  test.for(languagesFor('en'))(
    'is found in the navigation, and shows in words what a file changes in each part before it is applied (%s)',
    { timeout: 120_000 },
    async (language, { browser }) => {
      const text = words[language]
      const desk = await openDeskAs(browser, plant.url, plant.ada, '/overview', { language })
      const { page } = desk
      await page.getByRole('navigation').getByRole('link', { name: text.link, exact: true }).click()
      await page.getByRole('heading', { name: text.page, level: 1 }).waitFor()
      const saved = page.waitForEvent('download')
      await desk.press(text.download)
      const exported = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as SiteConfig
      const wanted = edited(exported)
      const file = { name: 'edited.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(wanted)) }
      await page.locator('input[type=file]').setInputFiles(file)
      await page.locator('#content table').first().waitFor()
      const shown = await page.locator('#content section[aria-label]').evaluateAll((sections) =>
        sections.map((section) => {
          const rows = [...section.querySelectorAll('tbody tr')].map((row) =>
            [...row.querySelectorAll('th, td')].map((cell) => cell.textContent).join(' | '),
          )
          return [section.getAttribute('aria-label') ?? '', rows] as const
        }),
      )
      expect(Object.fromEntries(shown)).toEqual(text.parts)
      for (const viewport of [laptop, phone]) {
        await page.setViewportSize(viewport)
        expect(await desk.problems()).toEqual([])
      }
      await page.setViewportSize(laptop)
      expect(await axeViolations(page)).toEqual([])
      await page.locator('[name=reason]').fill('moved from the other plant')
      await desk.press(text.apply)
      await desk.sees(text.applied)
      expect((await stored()).config).toEqual(wanted)
      const { version } = await stored()
      const back = { config: exported, reason: 'as before' }
      const reply = await plant.ada.call('/api/v1/admin/config/apply', {
        body: back,
        headers: { 'if-match': `"${version}"` },
      })
      expect(reply).toMatchObject({ status: 200 })
      expect(desk.errors).toEqual([])
    },
  )
})
