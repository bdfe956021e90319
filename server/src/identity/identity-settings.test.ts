import { expect, it } from 'vitest'
import { parseEnvironment } from '../platform/environment.ts'
import { identitySettings } from './identity-settings.ts'

const settingsOf = (variables: Readonly<Record<string, string>>, embedded = true) =>
  identitySettings(parseEnvironment(variables), embedded)
const provider = {
  PUBLIC_URL: 'https://board.example/',
  OIDC_ISSUER: 'https://login.example',
  OIDC_CLIENT_ID: 'stagewatch',
  OIDC_CLIENT_SECRET: 'a secret',
  OIDC_NAME: 'Works login',
}

it('mail and single sign-on are there if they are configured', () => {
  expect(settingsOf({})).toMatchObject({ publicUrl: undefined, mail: undefined, singleSignOn: undefined })
  const mail = { SMTP_URL: 'smtp://mail.example', MAIL_FROM: 'Stagewatch <stagewatch@example.com>' }
  expect(settingsOf({ ...provider, ...mail })).toMatchObject({
    publicUrl: 'https://board.example',
    mail: { url: 'smtp://mail.example', from: 'Stagewatch <stagewatch@example.com>' },
    singleSignOn: { issuer: 'https://login.example', clientId: 'stagewatch', name: 'Works login', trustEmail: false },
  })
  expect(settingsOf({ ...provider, OIDC_TRUST_EMAIL: 'on' }).singleSignOn?.trustEmail).toBe(true)
})

it('the sample is entered without a password only with the database of this process, and only in a demo', () => {
  const isOpen = (demo: string, embedded: boolean) => settingsOf({ DEMO: demo }, embedded).sampleOpen
  expect([isOpen('on', true), isOpen('on', false), isOpen('off', true)]).toEqual([true, false, false])
})
