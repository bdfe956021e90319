import { expect, test } from 'vitest'
import { EnvironmentError, environmentExample, parseEnvironment } from './environment.ts'

test('an empty environment serves an embedded database on the loopback', () => {
  expect(parseEnvironment({})).toMatchObject({ HOST: '127.0.0.1', PORT: 4000, DATA_DIR: './data', DEMO: 'on' })
})

test('an empty variable counts as one that is not set', () => {
  expect(parseEnvironment({ PORT: '', DATABASE_URL: '' })).toEqual(parseEnvironment({}))
})

test('every problem is named at once', () => {
  const parse = () => parseEnvironment({ PORT: '70000', DEMO: 'maybe', DATABASE_URL: 'mysql://db', PUBLIC_URL: 'x' })
  expect(parse).toThrow(EnvironmentError)
  expect(parse).toThrow(/PORT[^]*PUBLIC_URL|PUBLIC_URL[^]*PORT/)
  expect(parse).toThrow(/DEMO/)
  expect(parse).toThrow(/DATABASE_URL/)
})

test('what a variable needs is named together with variables that are invalid', () => {
  const parse = () => parseEnvironment({ PORT: '70000', SMTP_URL: 'smtp://mail', MAIL_FROM: '' })
  expect(parse).toThrow(/PORT: [^]*MAIL_FROM: is required because SMTP_URL is set[^]*PUBLIC_URL: is required/)
  expect(() => parseEnvironment({ SMTP_URL: '', MAIL_FROM: '' })).not.toThrow()
})

test('a database may have several hosts', () => {
  const url = 'postgres://stagewatch@db1:5432,db2:5432/stagewatch?target_session_attrs=read-write'
  expect(parseEnvironment({ DATABASE_URL: url }).DATABASE_URL).toBe(url)
  expect(() => parseEnvironment({ DATABASE_URL: 'postgres://db1,db2:x/stagewatch' })).toThrow(/DATABASE_URL: db2:x/)
})

test.each([
  ['https://board.example.com', 'https://board.example.com'],
  ['https://Board.example.com:8443/', 'https://board.example.com:8443'],
  ['http://10.0.0.9:4000', 'http://10.0.0.9:4000'],
])('a public address is the root of a host: %s', (given, origin) => {
  expect(parseEnvironment({ PUBLIC_URL: given }).PUBLIC_URL).toBe(origin)
})

test.each([
  ['https://host.example/board', /PUBLIC_URL: must be a host without a path such as \/board: .* host name of its own/],
  ['https://host.example/?site=main', /scheme, host and port only/],
  ['https://user:pass@host.example', /scheme, host and port only/],
  ['http://0.0.0.0:4000', /that people can open/],
  ['http://[::]:4000', /that people can open/],
  ['ftp://host.example', /http:\/\/ or https:\/\//],
  ['host.example', /must be an address/],
])('another public address is refused in one sentence: %s', (given, words) => {
  expect(() => parseEnvironment({ PUBLIC_URL: given })).toThrow(words)
  expect(() => parseEnvironment({ PUBLIC_URL: given })).toThrow(/^the configuration is wrong:\n {2}PUBLIC_URL: .+$/)
})

test('allowed hosts are names or addresses, with commas', () => {
  const names = ['plant-7', '10.1.1.1', '[fd00::9]']
  expect(parseEnvironment({ ALLOWED_HOSTS: 'plant-7, 10.1.1.1,[fd00::9]' }).ALLOWED_HOSTS).toEqual(names)
  for (const wrong of ['http://plant-7', 'plant-7:4000', 'plant-7/board', '*'])
    expect(() => parseEnvironment({ ALLOWED_HOSTS: `plant-8,${wrong}` })).toThrow(
      `ALLOWED_HOSTS: ${wrong} is not a host`,
    )
})

test('names the trusted proxy that is none', () => {
  expect(() => parseEnvironment({ TRUSTED_PROXIES: '10.0.0.0/8, 10.1.0.0/40' })).toThrow(
    /TRUSTED_PROXIES: 10\.1\.0\.0\/40 has a prefix/,
  )
  expect(parseEnvironment({ TRUSTED_PROXIES: '' }).TRUSTED_PROXIES).toBeUndefined()
})

test.each([
  ['PORT', 'http', 'must be a whole number from 0 to 65535'],
  ['PORT', '70000', 'must be a whole number from 0 to 65535'],
  ['PORT', '-1', 'must be a whole number'],
  ['PORT', '4000.5', 'must be a whole number'],
  ['HOST', 'http://0.0.0.0', 'without scheme and path'],
  ['HOST', '0.0.0.0:4000', 'must come without a port'],
  ['DEMO', 'yes', 'must be one of on, off'],
  ['LOG_LEVEL', 'loud', 'must be one of fatal, error'],
  ['MEMORY_VISITS', '12', 'must be a whole number from 1000'],
  ['METRICS_TOKEN', 'short', 'at least 16 characters'],
  ['AUTH_SECRET', 'short', 'at least 32 characters'],
  ['SECRETS_KEY', 'short', '32 bytes in Base64'],
  ['SMTP_URL', 'mail.example', 'smtp://user:password@host:587'],
  ['OIDC_ISSUER', 'login', 'https://login.example.com'],
  ['DATABASE_URL', 'db.example', 'must begin with postgres://'],
])('%s=%s is refused with what it must be', (name, given, words) => {
  const message = `${name}: `
  expect(() => parseEnvironment({ [name]: given })).toThrow(message)
  expect(() => parseEnvironment({ [name]: given })).toThrow(words)
  expect(() => parseEnvironment({ [name]: given })).not.toThrow(/invalid|expected|received/i)
})

test('.env.example is what the schema says', async () => {
  await expect(environmentExample()).toMatchFileSnapshot('../../../.env.example')
})
