import { describe, expect, it } from 'vitest'
import { postgresqlHosts } from './postgresql-hosts.ts'

describe('the hosts of a database URL', () => {
  it('are one URL each', () => {
    const url = 'postgresql://u:p%40w@db1:5433,db2,[::1]:5434/orders?sslmode=require&target_session_attrs=read-write'
    expect(postgresqlHosts(url)).toEqual([
      'postgresql://u:p%40w@db1:5433/orders?sslmode=require',
      'postgresql://u:p%40w@db2/orders?sslmode=require',
      'postgresql://u:p%40w@[::1]:5434/orders?sslmode=require',
    ])
  })

  it.each(['postgres://root@127.0.0.1:5432/postgres', 'postgres://127.0.0.1', 'postgres:///orders'])(
    'are the URL itself when it names one: %s',
    (url) => expect(postgresqlHosts(url)).toEqual([url]),
  )

  it.each([
    ['mysql://db/orders', 'must begin with'],
    ['postgres:/db', 'must begin with'],
    ['postgres://db:x/orders', 'db:x is no host'],
    ['postgres://db1,:99999/x', ':99999 is no host'],
  ])('are refused when the URL is none: %s', (url, message) => expect(() => postgresqlHosts(url)).toThrow(message))

  it.each(['standby', 'read-only', 'prefer-standby'])('are rejected if they are read-only: %s', (wanted) =>
    expect(() => postgresqlHosts(`postgres://db1,db2/x?target_session_attrs=${wanted}`)).toThrow('read-write'),
  )
})
