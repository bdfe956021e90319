import { erasureList } from '@stagewatch/shared/contract/erasures.ts'
import { ordersAnswer } from '@stagewatch/shared/contract/orders.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { languagesFor } from '../harness/skip.ts'
import { openDeskAs } from './desk-page.ts'
import { ago, startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

const words = {
  en: {
    find: 'Look for the name',
    found: /2 events/,
    remove: 'Remove for ever',
    requested: 'The name is being removed.',
  },
  zh: { find: '查找', found: /2 个事件/, remove: '永久删除', requested: '正在删除。' },
} as const

describe('an administrator whom a customer asks to be forgotten', () => {
  let plant: DeskPlant
  beforeAll(async () => {
    plant = await startDeskPlant()
  }, 120_000)
  afterAll(() => plant.close())

  test.for(languagesFor('zh'))('looks for the name and removes it (%s)', async (language, { browser }) => {
    const text = words[language]
    const customer = `Forgotten ${language}`
    await plant.send([
      ago(2, `GONE-${language}-1`, 'order.placed', { data: { customer } }),
      ago(1, `GONE-${language}-2`, 'order.placed', { data: { customer } }),
    ])
    const desk = await openDeskAs(browser, plant.url, plant.ada, '/privacy', { language })
    const { page } = desk
    await page.locator('[name=name]').fill(customer)
    await page.locator('[name=reason]').fill('request 17')
    await desk.press(text.find)
    await page.getByRole('status').filter({ hasText: text.found }).waitFor()
    const remove = page.getByRole('button', { name: text.remove })
    await remove.click()
    await page.getByRole('group').getByRole('button', { name: text.remove, exact: true }).click()
    await desk.sees(text.requested)
    const { erasures } = erasureList.parse((await plant.ada.call('/api/v1/erasures')).body)
    const pseudonym = erasures[0]?.pseudonym ?? ''
    await page.getByText(pseudonym).waitFor()
    await eventually(async () => {
      const { orders } = ordersAnswer.parse((await plant.ada.call(`/api/v1/orders?q=GONE-${language}`)).body)
      expect(orders.map((order) => order.customer)).toEqual([pseudonym, pseudonym])
    })
    expect(desk.errors).toEqual([])
  })
})
