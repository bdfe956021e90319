import { afterAll, beforeAll, describe, expect } from 'vitest'
import { call } from '../http/call.ts'
import { someEvent } from '../http/some-event.ts'
import { test } from '../harness/browser-test.ts'
import { languagesFor } from '../harness/skip.ts'
import { plantCalendar } from '@stagewatch/shared/domain/time/testing/plant-calendar.ts'
import { administrator, password, startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDesk } from './desk-page.ts'

const texts = {
  en: {
    email: 'Email',
    password: 'Password',
    signIn: 'Sign in',
    adopt: 'Take over: QA en',
    adopted: 'QA en is managed now',
    edit: 'Edit',
    name: 'Name (English)',
    lead: 'Lead',
    calendar: 'Calendar',
    save: 'Save',
    addSkill: 'Add a skill',
    key: 'Key',
    skills: 'Skills',
    from: 'First day',
    enter: 'Enter',
    shown: /Leave/,
    renamed: 'Quality control',
    skill: 'Welding',
  },
  zh: {
    email: '邮箱',
    password: '密码',
    signIn: '登录',
    adopt: '纳入管理: QA zh',
    adopted: '已将 QA zh 纳入管理',
    edit: '编辑',
    name: '名称（中文）',
    lead: '负责人',
    calendar: '日历',
    save: '保存',
    addSkill: '添加技能',
    key: '代码',
    skills: '技能',
    from: '开始日期',
    enter: '登记',
    shown: /休假/,
    renamed: '质量管理部',
    skill: '焊接',
  },
} as const

describe('a department that events name', () => {
  let server: PeopledServer

  beforeAll(async () => {
    server = await startPeopled()
    const key = await server.createKey(['ingest', 'admin'])
    await call(`${server.url}/api/v1/admin/calendars/plant`, {
      key,
      method: 'PUT',
      body: { ...plantCalendar({}), code: 'plant' },
    })
    for (const language of languagesFor('en')) {
      const data = { department: `QA ${language}` }
      await call(`${server.url}/api/v1/events`, { key, body: someEvent({ data }) })
      await server.join(`wu.${language}@example.com`, { role: 'operator', departments: [`QA ${language}`] })
    }
  })

  afterAll(() => server.close())

  test.for(languagesFor('en'))(
    'is taken over, led and given a calendar, and its people skills and absences (%s)',
    async (language, { browser }) => {
      const text = texts[language]
      const ada = await openDesk(browser, `${server.url}/sign-in?next=/departments`, { language })
      await ada.fill(text.email, administrator)
      await ada.fill(text.password, password)
      await ada.press(text.signIn)

      await ada.press(text.adopt)
      await ada.sees(text.adopted)
      await ada.press(`${text.edit}: QA ${language}`)
      const editor = ada.page.locator('tr:has(form)')
      await editor.getByLabel(text.name).fill(text.renamed)
      await editor.getByLabel(text.lead, { exact: true }).selectOption('Ada')
      await editor.getByLabel(text.calendar, { exact: true }).selectOption('plant')
      await editor.getByRole('button', { name: text.save, exact: true }).click()
      await editor.waitFor({ state: 'detached' })
      const row = ada.page.getByRole('row').filter({ hasText: text.renamed })
      expect(await row.innerText()).toContain('Ada')

      await ada.page.locator('form').last().getByLabel(text.name).fill(text.skill)
      await ada.fill(text.key, `weld-${language}`)
      await ada.press(text.addSkill)
      await ada.sees(`weld-${language}`)
      // A pressed button animates for a moment.
      await expect.poll(() => ada.problems()).toEqual([])

      await ada.page.goto(`${server.url}/team`)
      await ada.sees(text.renamed)
      await ada.press(`${text.edit}: wu.${language}`)
      await editor.getByLabel(text.skills, { exact: true }).click()
      await ada.page.getByRole('option', { name: text.skill }).click()
      await ada.page.keyboard.press('Escape')
      await editor.getByRole('button', { name: text.save, exact: true }).click()
      await editor.waitFor({ state: 'detached' })
      await ada.press(`${text.edit}: wu.${language}`)
      const today = new Date().toISOString().slice(0, 10)
      await editor.getByLabel(text.from).fill(today)
      await editor.getByRole('button', { name: text.enter, exact: true }).click()
      await editor.getByText(text.shown).first().waitFor()

      await ada.page.goto(`${server.url}/team`)
      const member = ada.page.getByRole('row').filter({ hasText: `wu.${language}` })
      await member.getByText(text.skill).waitFor()
      await member.getByText(text.shown).waitFor()
      // A pressed button animates for a moment.
      await expect.poll(() => ada.problems()).toEqual([])
      expect(ada.errors).toEqual([])
    },
  )
})
