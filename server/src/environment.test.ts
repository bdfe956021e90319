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

test('a database may have several hosts', () => {
  const url = 'postgres://stagewatch@db1:5432,db2:5432/stagewatch?target_session_attrs=read-write'
  expect(parseEnvironment({ DATABASE_URL: url }).DATABASE_URL).toBe(url)
  expect(() => parseEnvironment({ DATABASE_URL: 'postgres://db1,db2:x/stagewatch' })).toThrow(/DATABASE_URL: db2:x/)
})

test('.env.example is what the schema says', async () => {
  await expect(environmentExample()).toMatchFileSnapshot('../../.env.example')
})
