import { processList } from '@stagewatch/shared/contract/admin.ts'
import { expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import { laptop, openDeskAs, phone } from './desk-page.ts'

const words = {
  en: {
    template: /^Machining/,
    use: 'Use as draft',
    run: 'Run',
    overdue: 'Overdue now',
    release: 'Release',
    reason: 'Reason (required)',
    done: 'Released',
  },
  zh: {
    template: /^机械加工/,
    use: '设为草稿',
    run: '试算',
    overdue: '当前超时订单',
    release: '发布',
    reason: '理由（必填）',
    done: '已发布',
  },
} as const

test.for([
  ['en', laptop],
  ['zh', phone],
] as const)(
  'somebody new takes a template, tries it on its sample and releases it in six presses (%s)',
  async ([language, viewport], { browser }) => {
    const server = await startPeopled()
    const text = words[language]
    const desk = await openDeskAs(browser, server.url, server.ada, '/processes', { language, viewport })
    let presses = 0
    const press = async (
      name: string | RegExp,
      role: 'button' | 'radio' = 'button',
      nth: 'first' | 'last' = 'first',
    ) => {
      presses += 1
      const found = desk.page.getByRole(role, { name, exact: typeof name === 'string' })
      await found[nth]().click()
    }
    await press(text.template, 'radio')
    expect(await desk.problems()).toEqual([])
    expect(await axeViolations(desk.page)).toEqual([])
    await press(text.use)
    await press(text.run)
    const row = desk.page.getByRole('row').filter({ hasText: text.overdue })
    await row.waitFor()
    // The live process is compared with itself.
    const [live, draft] = await row.getByRole('cell').allInnerTexts()
    expect(Number(live)).toBeGreaterThan(0)
    expect(draft).toContain(live)
    await press(text.release)
    presses += 1
    await desk.page.getByLabel(text.reason).fill('to begin with')
    await press(text.release, 'button', 'last')
    await desk.sees(text.done)
    expect(presses).toBe(6)
    await eventually(async () => {
      const { processes } = processList.parse((await server.ada.call('/api/v1/admin/processes')).body)
      expect(processes.map(({ code, stages }) => [code, stages.length])).toEqual([['machining', 9]])
    })
    expect(await desk.problems()).toEqual([])
    expect(desk.errors).toEqual([])
    await desk.context.close()
    await server.close()
  },
)
