import { processDraftAnswer } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDefinition } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { openDeskAs } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'
import { startDeskPlant } from './desk-plant.ts'
import type { DeskPlant } from './desk-plant.ts'

describe('the stages of a process on the desk', () => {
  let plant: DeskPlant

  beforeAll(async () => {
    plant = await startDeskPlant()
  }, 60_000)
  afterAll(() => plant.close())

  async function draft(): Promise<ProcessDefinition | undefined> {
    const { body } = await plant.ada.call('/api/v1/admin/processes/default/draft')
    return processDraftAnswer.parse(body).draft?.definition
  }

  const stageOf = ({ page }: DeskPage, code: string) => page.locator(`[data-item="${code}"] > button`)
  const saved = (read: (definition: ProcessDefinition) => unknown, expected: unknown): Promise<void> =>
    eventually(async () => {
      const definition = await draft()
      expect(definition && read(definition)).toEqual(expected)
    })
  const codes = ({ stages }: ProcessDefinition): string[] => stages.map(({ code }) => code)

  test('are moved by pointer and by keyboard, and get a branch and a way back', async ({ browser }) => {
    const desk = await openDeskAs(browser, plant.url, plant.ada, '/processes', { language: 'en' })
    const { page } = desk
    const [cut, pack] = [stageOf(desk, 'cut'), stageOf(desk, 'pack')]
    await pack.waitFor()

    // A drag that is given up changes nothing.
    const [from, to] = [(await pack.boundingBox())!, (await cut.boundingBox())!]
    const drag = async (): Promise<void> => {
      await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
      await page.mouse.down()
      await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 5 })
      await page.mouse.move(to.x + 2, to.y + to.height / 2)
    }
    const shown = (): Promise<(string | null)[]> =>
      page.locator('li[data-item]').evaluateAll((items) => items.map((item) => item.getAttribute('data-item')))
    await drag()
    await page.keyboard.press('Escape')
    await page.mouse.up()
    expect(await shown()).toEqual(['cut', 'sew', 'pack'])
    await drag()
    await page.mouse.up()
    expect(await shown()).toEqual(['pack', 'cut', 'sew'])
    await saved(codes, ['pack', 'cut', 'sew'])

    await pack.focus()
    await page.keyboard.press('Alt+ArrowRight')
    await page.keyboard.press('Alt+ArrowRight')
    await desk.sees('Packing is now stage 3 of 3')
    await saved(codes, ['cut', 'sew', 'pack'])

    const addPath = async (start: string, end: string, kind: string): Promise<void> => {
      await desk.press('Add path')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('From').selectOption(start)
      await dialog.getByLabel('To').selectOption(end)
      await dialog.getByText(kind).waitFor()
      await dialog.getByRole('button', { name: 'Add path' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await addPath('cut', 'pack', 'Branch: orders may skip the stages in between.')
    await addPath('pack', 'cut', 'Return: orders come back to an earlier stage.')
    const times = page.getByLabel('Returns allowed per order')
    await times.fill('2')
    await times.press('Enter')
    await saved(
      ({ paths }) => paths,
      [
        { from: 'cut', to: 'pack' },
        { from: 'pack', to: 'cut', maxTimes: 2 },
      ],
    )
    expect(desk.errors).toEqual([])
  })

  test('get a daily cut-off and a reason to hold, and the process a ceiling', async ({ browser }) => {
    const desk = await openDeskAs(browser, plant.url, plant.ada, '/processes', { language: 'en' })
    const { page } = desk
    const ceiling = page.getByLabel('Overdue orders, at most')
    await ceiling.fill('12')
    await ceiling.press('Enter')
    await saved(({ goals }) => goals.overdueCeiling, 12)

    await stageOf(desk, 'pack').click()
    await desk.press('Add a daily cut-off')
    await saved(({ stages }) => stages.find(({ code }) => code === 'pack')?.cutOff, {
      enterBy: '14:00',
      leaveBy: '16:00',
    })
    await page.getByLabel('On', { exact: true }).selectOption('1')
    await desk.sees('in by 14:00, out by 16:00, 1 working day later')
    await saved(({ stages }) => stages.find(({ code }) => code === 'pack')?.cutOff, {
      enterBy: '14:00',
      leaveBy: '16:00',
      daysLater: 1,
    })

    await page.getByRole('button', { name: 'Reason', exact: true }).click()
    const longest = page.getByLabel('Longest hold')
    await longest.fill('2 d')
    await longest.press('Enter')
    await saved(
      ({ stages }) => stages.find(({ code }) => code === 'pack')?.holdReasons,
      [{ name: { en: 'Waiting', zh: '等待' }, maxMs: 2 * 86_400_000 }],
    )
    expect(desk.errors).toEqual([])
  })
})
