import { board, kpis } from '@stagewatch/shared/contract/board.ts'
import { afterEach, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { eventually } from '../harness/eventually.ts'
import { openDeskAs } from './desk-page.ts'
import { planted, startDeskPlant, type DeskPlant } from './desk-plant.ts'

const words = {
  en: {
    cell: 'Limit: Sewing',
    shorter: '30 min',
    shown: '30 min',
    changes: 'Draft · 1 change',
    run: 'Run',
    overdue: 'Overdue now',
    release: 'Release',
    past: 'Also the past',
    reason: 'Reason (required)',
    done: 'Released',
    conflict: 'Somebody else changed this while you were editing.',
    takeTheirs: 'Discard my changes',
    history: 'History',
    restore: 'Restore this version',
    restoreReason: 'Reason for restoring',
    restored: 'Version restored',
  },
  zh: {
    cell: '缝制 · 时限',
    shorter: '30分钟',
    shown: '30 分',
    changes: '草稿 · 1 处改动',
    run: '试算',
    overdue: '当前超时订单',
    release: '发布',
    past: '同时更正过去',
    reason: '理由（必填）',
    done: '已发布',
    conflict: '您编辑期间，其他人已修改此项',
    takeTheirs: '放弃我的修改',
    history: '历史',
    restore: '恢复此版本',
    restoreReason: '恢复的原因',
    restored: '已恢复该版本',
  },
} as const

describe('whoever changes a process on the desk', () => {
  let plant: DeskPlant

  afterEach(async () => {
    await plant.close()
  })

  const overdue = async (): Promise<number> => kpis.parse((await plant.ada.call('/api/v1/kpis')).body).overdue.count

  test.for(languagesFor('zh'))(
    'sees beforehand what it does, and everywhere afterwards; of two editors nobody overwrites the other (%s)',
    async (language, { browser }) => {
      plant = await startDeskPlant()
      const text = words[language]
      const open = () => openDeskAs(browser, plant.url, plant.ada, '/processes', { language })
      const [desk, other] = [await open(), await open()]
      const cell = desk.page.getByLabel(text.cell, { exact: true })
      await cell.waitFor()
      const otherCell = other.page.getByLabel(text.cell, { exact: true })
      await otherCell.waitFor()
      const before = await overdue()

      await cell.fill(text.shorter)
      await cell.press('Enter')
      await desk.page.getByText(text.changes, { exact: true }).waitFor()
      expect(await cell.inputValue()).toBe(text.shown)
      expect(await desk.page.locator('s').allInnerTexts()).toEqual(['8h'])
      expect(await desk.problems()).toEqual([])
      expect(await axeViolations(desk.page)).toEqual([])

      // The other editor has not seen the draft.
      await otherCell.fill('7h')
      await otherCell.press('Enter')
      await other.sees(text.conflict)
      await other.press(text.takeTheirs)
      await eventually(async () => expect(await otherCell.inputValue()).toBe(text.shown))

      await desk.press(text.run)
      const row = desk.page.getByRole('row').filter({ hasText: text.overdue })
      await row.waitFor()
      const figures = await row.getByRole('cell').allInnerTexts()
      expect(figures.map((figure) => Number.parseInt(figure, 10))).toEqual([before, before + planted.fine])
      expect(await overdue()).toBe(before)

      await desk.press(text.release)
      const dialog = desk.page.getByRole('dialog')
      await dialog.getByText(text.past, { exact: true }).click()
      await dialog.getByLabel(text.reason).fill('Sewing is quicker now')
      await dialog.getByRole('button', { name: text.release, exact: true }).click()
      await desk.sees(text.done)
      await eventually(async () => expect(await overdue()).toBe(before + planted.fine))
      await desk.page.getByText(text.changes).waitFor({ state: 'detached' })

      // The overview and the wall update, and update again when the previous version is restored.
      const wall = await openDeskAs(browser, plant.url, plant.ada, `/wall?site=main&lang=${language}`)
      const wallShows = (count: number) =>
        eventually(async () => {
          const { body } = await plant.ada.call('/api/v1/board?site=main')
          expect(board.parse(body).kpis.overdue.count).toBe(count)
          expect(await wall.page.locator('body').innerText()).toMatch(new RegExp(`(^|\\s)${count}(\\s|$)`))
        })
      const overviewShows = (count: number) =>
        eventually(async () => {
          const cards = await other.page.locator('#content section a, #content li a').allInnerTexts()
          expect(cards.join('\n')).toMatch(new RegExp(`(^|\\s)${count}(\\s|$)`))
        })
      await other.page.goto(`${plant.url}/overview`)
      await wallShows(before + planted.fine)
      await overviewShows(before + planted.fine)

      await desk.press(text.history)
      await desk.sees('Sewing is quicker now')
      await dialog.getByRole('button', { name: text.restore, exact: true }).first().click()
      await dialog.getByLabel(text.restoreReason).fill('It is not')
      await dialog.getByRole('button', { name: text.restore, exact: true }).first().click()
      await desk.sees(text.restored)
      await eventually(async () => expect(await overdue()).toBe(before))
      await wallShows(before)
      await overviewShows(before)
      await eventually(async () => expect(await cell.inputValue()).toBe('8h'))
      await desk.press(text.history)
      await desk.sees('It is not')
      expect([...desk.errors, ...other.errors]).toEqual([])
    },
  )
})
