import dns from 'node:dns/promises'
import { createServer } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAllowedAddress, RefusedAddressError, resolveAllowed } from './address-guard.ts'
import { guardedPost, postFailure } from './guarded-post.ts'
import { refusedHosts } from './testing/refused-hosts.ts'

describe('an address', () => {
  it.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is public, and allowed',
    (address) => {
      expect(isAllowedAddress(address, false)).toBe(true)
    },
  )

  it.each(['10.0.0.1', '127.0.0.1', '100.64.0.1', '192.168.0.1', '::1', 'fd12::1', '::ffff:10.0.0.1', '::ffff:a00:1'])(
    '%s is private, and allowed only where private networks are',
    (address) => {
      expect(isAllowedAddress(address, false)).toBe(false)
      expect(isAllowedAddress(address, true)).toBe(true)
    },
  )

  it.each([
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '100.100.100.200',
    'fd00:ec2::254',
    '0.0.0.0',
    '::',
    'fe80::1',
  ])('%s is never allowed', (address) => {
    expect(isAllowedAddress(address, true)).toBe(false)
  })

  it.each(['224.0.0.1', '255.255.255.255', 'ff02::1', '2002:a00:1::', '64:ff9b::a00:1', '2001:db8::1', 'nowhere', ''])(
    '"%s" is none that anything is sent to',
    (address) => {
      expect(isAllowedAddress(address, true)).toBe(false)
    },
  )
})

describe('a request', () => {
  let port: number
  let received: string[] = []
  const receiver = createServer((request, response) => {
    received.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { location: `http://127.0.0.1:${port}/inside` }).end()
    else if (request.url === '/endless') {
      const write = (): boolean => response.write(Buffer.alloc(64 * 1_024))
      response.on('drain', write)
      write()
    } else if (request.url === '/slow') {
      response.write('a')
      const timer = setInterval(() => response.write('a'), 20)
      response.on('close', () => clearInterval(timer))
    } else if (request.url === '/cut')
      response.writeHead(200, { 'content-length': 9 }).write('a', () => response.destroy())
    else if (request.url === '/reset') request.socket.resetAndDestroy()
    else if (request.url !== '/silent') response.writeHead(204).end()
  })
  beforeAll(async () => {
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
    port = (receiver.address() as AddressInfo).port
  })
  afterAll(() => {
    receiver.closeAllConnections()
    receiver.close()
  })

  const post = (url: string, allowsPrivate: boolean, timeoutMs?: number) =>
    guardedPost({ url, headers: {}, body: '{}', allowsPrivate, ...(timeoutMs !== undefined && { timeoutMs }) })

  it.each(refusedHosts)('to %s is not made', async (host) => {
    received = []
    await expect(post(`http://${host}:${port}/`, false)).rejects.toThrow(RefusedAddressError)
    expect(received).toEqual([])
  })

  it('goes to the address that was checked, and to none if one of several is private', async () => {
    const { lookup } = dns
    let answer = [{ address: '127.0.0.1', family: 4 }]
    // The system does not know the name, so a second look-up would fail.
    dns.lookup = (() => Promise.resolve(answer)) as unknown as typeof lookup
    syncBuiltinESMExports()
    try {
      received = []
      expect(await post(`http://receiver.invalid:${port}/a`, true)).toMatchObject({ status: 204 })
      answer = [{ address: '8.8.8.8', family: 4 }, ...answer]
      await expect(post(`http://receiver.invalid:${port}/a`, false)).rejects.toThrow(RefusedAddressError)
      expect(received).toEqual(['/a'])
    } finally {
      dns.lookup = lookup
      syncBuiltinESMExports()
    }
  })

  it('is made where private networks are allowed', async () => {
    received = []
    expect(await post(`http://127.0.0.1:${port}/a`, true)).toMatchObject({ status: 204 })
    const [first] = await resolveAllowed('localhost', true)
    expect(['127.0.0.1', '::1']).toContain(first?.address)
    expect(received[0]).toBe('/a')
  })

  it('follows no redirect', async () => {
    received = []
    expect(await post(`http://127.0.0.1:${port}/redirect`, true)).toMatchObject({ status: 302 })
    expect(received).toEqual(['/redirect'])
  })

  it.each(['silent', 'slow'])('to a receiver that is %s ends after its time', async (path) => {
    const failure = await post(`http://127.0.0.1:${port}/${path}`, true, 200).catch((error: unknown) => error)
    expect(postFailure(failure)).toBe('it did not answer in time')
  })

  it.each([
    ['breaks the connection', `http://127.0.0.1:PORT/reset`, 'it could not be reached: ECONNRESET'],
    ['speaks no TLS', `https://127.0.0.1:PORT/`, /^it could not be reached: (ERR_SSL|EPROTO)/],
  ])('to a receiver that %s fails, and says why', async (_, url, reason) => {
    const failure = await post(url.replace('PORT', String(port)), true).catch((error: unknown) => error)
    expect(postFailure(failure)).toMatch(reason)
  })

  it('has the status of an answer whose body is cut off', async () => {
    expect(await post(`http://127.0.0.1:${port}/cut`, true)).toMatchObject({ status: 200, text: 'a' })
  })

  it('reads no more of an answer than it needs', async () => {
    expect(await post(`http://127.0.0.1:${port}/endless`, true)).toMatchObject({ status: 200 })
  })
})
