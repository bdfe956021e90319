import { expect, it } from 'vitest'
import { newWebhookSecret, webhookHeaders } from './webhook-signature.ts'

/** The example from the Standard Webhooks libraries. */
const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampS: 1_614_265_330, body: '{"test": 2432232314}' }
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const expected = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='

it('signs as the specification of Standard Webhooks does', () => {
  expect(webhookHeaders(message, [secret])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': expected,
  })
})

it('signs with both secrets while one is being replaced', () => {
  const other = newWebhookSecret()
  const signatures = webhookHeaders(message, [other, secret])['webhook-signature']?.split(' ')
  expect(signatures).toHaveLength(2)
  expect(signatures?.[1]).toBe(expected)
  expect(signatures?.[0]).not.toBe(expected)
})

it('makes secrets of 192 bits, each another one', () => {
  const secrets = [newWebhookSecret(), newWebhookSecret()]
  for (const made of secrets) {
    expect(made).toMatch(/^whsec_[\w+/]{32}$/)
    expect(Buffer.from(made.slice('whsec_'.length), 'base64')).toHaveLength(24)
  }
  expect(secrets[0]).not.toBe(secrets[1])
})
