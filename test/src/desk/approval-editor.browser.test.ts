import { processList } from '@stagewatch/shared/contract/admin.ts'
import { afterEach, describe, expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { eventually } from '../harness/eventually.ts'
import { languagesFor } from '../harness/skip.ts'
import { openDeskAs } from './desk-page.ts'
import { startDeskPlant, type DeskPlant } from './desk-plant.ts'

const words = {
  en: {
    add: 'Approval step',
    approver: 'Add approver',
    quorum: 'Approvals needed',
    from: 'Only if amount ≥',
    timeout: 'Escalate after',
    returnTo: 'If rejected',
    below: 'Auto-approve if amount <',
    changes: 'Draft · 1 change',
    release: 'Release',
    reason: 'Reason (required)',
    done: 'Released',
  },
  zh: {
    add: '审批步骤',
    approver: '添加审批人',
    quorum: '通过条件',
    from: '仅当金额 ≥',
    timeout: '超时时限（工时）',
    returnTo: '驳回后',
    below: '金额低于此值自动通过',
    changes: '草稿 · 1 处改动',
    release: '发布',
    reason: '理由（必填）',
    done: '已发布',
  },
} as const

describe('an administrator without code', () => {
  let plant: DeskPlant

  afterEach(async () => {
    await plant.close()
  })

  const liveApproval = async () => {
    const { processes } = processList.parse((await plant.ada.call('/api/v1/admin/processes')).body)
    return processes[0]?.stages.find(({ code }) => code === 'sew')?.approval
  }

  test.for(languagesFor('zh'))(
    'lets a stage be approved: the process has the flow once the draft is released (%s)',
    async (language, { browser }) => {
      plant = await startDeskPlant()
      await plant.join('manager@example.com', { role: 'manager' })
      const text = words[language]
      const desk = await openDeskAs(browser, plant.url, plant.ada, '/processes/default?stage=sew', { language })
      const field = (label: string) => desk.page.getByLabel(label, { exact: true })
      const type = async (label: string, value: string) => {
        await field(label).fill(value)
        await field(label).press('Enter')
      }

      await desk.press(text.add)
      await field(text.approver).selectOption({ index: 1 })
      await field(text.quorum).selectOption('all')
      await type(text.from, '5,000')
      await type(text.timeout, '4h')
      await type(text.below, '100')
      await field(text.returnTo).selectOption('cut')
      await desk.page.getByText(text.changes, { exact: true }).waitFor()
      expect(await desk.problems()).toEqual([])
      expect(await axeViolations(desk.page)).toEqual([])
      expect(await liveApproval()).toBeUndefined()

      await desk.press(text.release)
      const dialog = desk.page.getByRole('dialog')
      await dialog.getByLabel(text.reason).fill('Large orders are approved')
      await dialog.getByRole('button', { name: text.release, exact: true }).click()
      await desk.sees(text.done)
      await eventually(async () =>
        expect(await liveApproval()).toMatchObject({
          steps: [
            {
              approvers: [{ kind: expect.any(String) }, { kind: expect.any(String) }],
              quorum: { kind: 'all' },
              when: { amount: { from: 5_000 } },
              timeout: { afterMs: 4 * 3_600_000, deputy: expect.any(String) },
            },
          ],
          approveWhen: { amount: { below: 100 } },
          returnTo: 'cut',
        }),
      )
      expect(desk.errors).toEqual([])
    },
  )
})
