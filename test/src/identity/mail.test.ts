import { Mail } from '@stagewatch/server/identity/mail.ts'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { openMailBox } from './mail-box.ts'
import type { MailBox } from './mail-box.ts'

const from = 'Stagewatch <stagewatch@example.com>'
const link = 'http://board.example/reset#token=x'
const lines: string[] = []
const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(line) })
let mails: MailBox
let mail: Mail

beforeAll(async () => {
  mails = await openMailBox()
  mail = new Mail({ url: mails.variables['SMTP_URL'] ?? '', from }, logger)
})
afterAll(() => mails.close())
beforeEach(() => {
  lines.length = 0
  mails.refusal = undefined
})

it('a mail that the mail server accepts was sent', async () => {
  expect(await mail.send('reset', 'li@example.com', link)).toBe(true)
  expect(await mails.next('li@example.com')).toContain(link)
  expect(await mail.notify('password.changed', 'li@example.com', Date.UTC(2026, 10, 24, 9, 5))).toBe(true)
  expect(await mails.next('li@example.com')).toContain('2026-11-24 09:05 UTC')
  expect([mail.isPossible, lines]).toEqual([true, []])
})

it('a mail that the mail server refuses was not sent, and the log says so without its link', async () => {
  mails.refusal = () => 'no such person'
  expect(await mail.send('reset', 'li@example.com', link)).toBe(false)
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    level: 50,
    msg: 'an email was not sent: reset',
    err: { message: expect.stringContaining('no such person') as string },
  })
  expect(lines[0]).not.toContain('token=x')
})

it('without a mail server nothing is sent, and nothing is wrong with that', async () => {
  const none = new Mail(undefined, logger)
  expect([none.isPossible, await none.send('reset', 'li@example.com', link), lines]).toEqual([false, false, []])
})
