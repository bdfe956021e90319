import { AccessTokens } from '@stagewatch/server/channels/access-tokens.ts'
import { email } from '@stagewatch/server/channels/adapters/email.ts'
import type { Rendering } from '@stagewatch/server/channels/render-message.ts'
import { expect, test } from 'vitest'
import { openMailBox } from '../identity/mail-box.ts'

const forged = 'Overdue\r\nBcc: eve@example.com\r\n\r\nbody'

test('no text of a message becomes a header of a mail', async () => {
  const mailBox = await openMailBox()
  const rendered: Rendering = {
    severity: 'warning',
    title: forged,
    text: forged,
    body: forged,
    url: 'https://board.example/orders/A',
    open: 'Open',
    isStopLink: false,
  }
  const { SMTP_URL: url = '', MAIL_FROM: from = '' } = mailBox.variables
  const { signal } = new AbortController()
  const context = { now: 0, allowsPrivate: true, tokens: new AccessTokens(), signal, mailServer: { url, from } }
  const sent = await email.send(
    { config: { security: 'none' }, to: 'li@example.com', rendered, messages: [], id: 'id\r\nX-Forged: 1' },
    { ...context, post: () => Promise.reject(new Error('no request')) },
  )
  expect(sent.verdict.kind).toBe('sent')
  const headers = await mailBox.nextHeaders('li@example.com')
  expect(headers).toContain('Overdue')
  expect(headers).not.toMatch(/^(Bcc|X-Forged)/im)
  await mailBox.close()
})
