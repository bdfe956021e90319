import { describe, expect, it } from 'vitest'
import { addressGroup, addressNetwork, clientAddress, TrustedProxies } from './client-address.ts'

const proxies = new TrustedProxies(['127.0.0.1', '10.0.0.0/8', 'fd00::/8', '2001:db8::1'])

describe('the address of a client', () => {
  it.each([
    ['without a proxy', '203.0.113.9', {}, '203.0.113.9'],
    ['that writes the header itself', '203.0.113.9', { 'x-forwarded-for': '198.51.100.1' }, '203.0.113.9'],
    ['behind a proxy', '127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
    ['behind two proxies', '10.0.0.1', { 'x-forwarded-for': '203.0.113.9, 10.2.3.4' }, '203.0.113.9'],
    ['that writes before its proxy does', '10.0.0.1', { 'x-forwarded-for': '1.2.3.4, 203.0.113.9' }, '203.0.113.9'],
    ['that names a trusted one before', '10.0.0.1', { 'x-forwarded-for': '10.9.9.9, 203.0.113.9' }, '203.0.113.9'],
    ['that is a proxy itself', '10.0.0.1', { 'x-forwarded-for': '10.9.9.9' }, '10.9.9.9'],
    ['behind a proxy that says nothing', '10.0.0.1', {}, '10.0.0.1'],
    ['that writes nonsense', '10.0.0.1', { 'x-forwarded-for': 'unknown' }, '10.0.0.1'],
    ['with a port', '10.0.0.1', { 'x-forwarded-for': '203.0.113.9:4711' }, '203.0.113.9'],
    ['of IPv6', 'fd00::7', { 'x-forwarded-for': '2001:DB8:0:1::2' }, '2001:db8:0:1::2'],
    ['on a socket for both families', '::ffff:10.0.0.1', { 'x-forwarded-for': '::ffff:203.0.113.9' }, '203.0.113.9'],
    ['in RFC 7239', '2001:db8::1', { forwarded: 'for="[2001:db8:0:1::2]:4711";proto=https' }, '2001:db8:0:1::2'],
    ['in RFC 7239 of two', '10.0.0.1', { forwarded: 'for=1.2.3.4, for=203.0.113.9;by=10.0.0.1' }, '203.0.113.9'],
    ['that hides', '10.0.0.1', { forwarded: 'for=_hidden' }, '10.0.0.1'],
    [
      'that adds the header which its proxy does not write',
      '10.0.0.1',
      { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=198.51.100.1' },
      '10.0.0.1',
    ],
  ])('%s', (_title, peer, headers, address) => {
    expect(clientAddress(peer, headers, proxies)).toBe(address)
  })

  it('is believed of nobody by default', () => {
    expect(clientAddress('127.0.0.1', { 'x-forwarded-for': '203.0.113.9' }, new TrustedProxies())).toBe('127.0.0.1')
  })
})

describe('trusted proxies', () => {
  it.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'proxy.example', '', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.1/-1'])(
    'are no such thing as %j',
    (range) => {
      expect(() => new TrustedProxies([range])).toThrow(RangeError)
    },
  )
})

describe('the wider network of an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::5', '2001:db8:1::/48'],
  ])('%s is in %s', (address, network) => {
    expect(addressNetwork(address)).toBe(network)
  })
})

describe('what limits count by', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('%s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group)
  })
})
