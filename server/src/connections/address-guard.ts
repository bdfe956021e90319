import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4 } from 'node:net'

/**
 * Guards requests to addresses that somebody at a site has configured. Nobody may use the server to reach services that
 * only the server can reach: on its machine, in its network, or of its cloud.
 */

/** IANA special-purpose registries; of IPv6, only global unicast (2000::/3) is allowed. */
const neverRanges = [
  '0.0.0.0/8',
  // Link-local addresses, which include the metadata services of clouds (169.254.169.254).
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // Metadata services outside the link-local range.
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::254/128',
  '::/128',
  // IPv4 addresses in other forms: NAT64, Teredo, 6to4.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fe80::/10',
  'ff00::/8',
] as const

const privateRanges = [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '::1/128',
  'fc00::/7',
] as const

const never = blockList(neverRanges)
const onlyPrivate = blockList(privateRanges)
const globalUnicast = blockList(['2000::/3'])

/** Whether a request may go to an IP address. */
export function isAllowedAddress(address: string, allowsPrivate: boolean): boolean {
  const plain = unmapped(address)
  const family = isIPv4(plain) ? 'ipv4' : 'ipv6'
  if (isIP(plain) === 0 || never.check(plain, family)) return false
  if (onlyPrivate.check(plain, family)) return allowsPrivate
  return family === 'ipv4' || globalUnicast.check(plain, family)
}

/** Requests to the host or address are not allowed. */
export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError'
  /** Whether all of its refused addresses are private ones, which an installation can allow. */
  readonly isPrivate: boolean

  constructor(message: string, isPrivate: boolean) {
    super(message)
    this.isPrivate = isPrivate
  }
}

/**
 * Every address of a host. The request is then made to one of them and to no other, so that a later change of the name
 * in DNS has no effect.
 * @param host host of a URL; an IPv6 address may be in brackets.
 * @throws RefusedAddressError when any address is refused, because the name may then be an attempt to reach it.
 */
export async function resolveAllowed(host: string, allowsPrivate: boolean): Promise<LookupAddress[]> {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const family = isIP(bare)
  const addresses = family === 0 ? await lookup(bare, { all: true, order: 'verbatim' }) : [{ address: bare, family }]
  if (addresses.length === 0 || addresses.some(({ address }) => !isAllowedAddress(address, allowsPrivate))) {
    const isPrivate = addresses.length > 0 && addresses.every(({ address }) => isAllowedAddress(address, true))
    throw new RefusedAddressError(`${bare} is in a network that requests must not reach`, isPrivate)
  }
  return addresses
}

/** ::ffff:10.0.0.1, in either notation, is 10.0.0.1. */
function unmapped(address: string): string {
  const [bare = ''] = address.split('%')
  const dotted = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  if (dotted !== undefined) return dotted
  const [, high, low] = /^(?:0*:)*:?ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i.exec(bare) ?? []
  if (high === undefined || low === undefined) return bare
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)]
  return [a >> 8, a & 255, b >> 8, b & 255].join('.')
}

function blockList(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', bits] = range.split('/')
    list.addSubnet(address, Number(bits), isIPv4(address) ? 'ipv4' : 'ipv6')
  }
  return list
}
