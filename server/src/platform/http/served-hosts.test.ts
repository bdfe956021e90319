import { describe, expect, it } from 'vitest'
import { hostnameOf, reachableUrls, ServedHosts } from './served-hosts.ts'

describe('the name in a Host header', () => {
  it.each([
    ['127.0.0.1:4000', '127.0.0.1'],
    ['LocalHost', 'localhost'],
    ['localhost.:4000', 'localhost'],
    ['[::1]:4000', '[::1]'],
    ['board.example:443', 'board.example'],
  ])('is read without case, port and last dot: %s', (host, name) => {
    expect(hostnameOf(host)).toBe(name)
  })

  it.each(['', 'a b', 'user@127.0.0.1', '127.0.0.1/evil', '127.0.0.1;script', '127.0.0.1:99999', '[::1', 'ｌocalhost'])(
    'is none: "%s"',
    (host) => {
      expect(hostnameOf(host)).toBeUndefined()
    },
  )
})

describe('a server is reached', () => {
  const own = () => ['127.0.0.1', '10.0.0.9', '169.254.1.1', '[::1]', '[fe80::1]']

  it('where it listens', () => {
    expect(reachableUrls('127.0.0.1', 4000, own)).toEqual(['http://127.0.0.1:4000'])
    expect(reachableUrls('fd00::9', 4000, own)).toEqual(['http://[fd00::9]:4000'])
  })

  it.each(['0.0.0.0', '::'])('at the addresses of its machine when it listens on %s, which nobody can open', (bind) => {
    expect(reachableUrls(bind, 4000, own)).toEqual(['http://10.0.0.9:4000', 'http://127.0.0.1:4000'])
  })
})

describe('a server is called by', () => {
  it.each([
    [
      'a loopback name',
      {},
      ['localhost:4000', 'hall.localhost', '127.0.0.1', '[::1]:4000'],
      ['evil.example', '10.0.0.9'],
    ],
    ['the address that it listens on', { bind: '10.0.0.9' }, ['10.0.0.9:4000', 'localhost'], ['10.0.0.8']],
    ['an IPv6 address that it listens on', { bind: 'fd00::9' }, ['[fd00::9]:4000'], ['[fd00::8]']],
    [
      'any address of its machine when it listens on all of them',
      { bind: '0.0.0.0', ownAddresses: () => ['10.0.0.9', '[fd00::9]'] },
      ['10.0.0.9:4000', '[fd00::9]:4000', 'localhost'],
      ['10.0.0.8', '0.0.0.0:4000', 'evil.example'],
    ],
    [
      'its public name, on any port',
      { publicUrl: 'https://Board.example:8443' },
      ['board.example', 'board.example:4000', '127.0.0.1'],
      ['other.example', 'board.example.evil.example', 'xboard.example'],
    ],
    ['names that the operator allows', { allowed: ['plant-7', '10.1.1.1'] }, ['plant-7:80', '10.1.1.1'], ['plant-8']],
  ] as const)('%s, and by no other name', (_, options, own, others) => {
    const hosts = new ServedHosts(options)
    expect(own.filter((host) => !hosts.allows(host))).toEqual([])
    expect(others.filter((host) => hosts.allows(host))).toEqual([])
  })

  it('no name at all: only programs send none', () => {
    expect(new ServedHosts().allows(undefined)).toBe(true)
    expect(new ServedHosts().allows('')).toBe(false)
  })

  it('an address that the machine is given while it runs', () => {
    const addresses = ['10.0.0.9']
    const hosts = new ServedHosts({ bind: '::', ownAddresses: () => addresses })
    expect(hosts.allows('10.0.0.10')).toBe(false)
    addresses.push('10.0.0.10')
    expect(hosts.allows('10.0.0.10')).toBe(true)
  })
})
