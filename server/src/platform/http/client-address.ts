import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** How many hops a request may name. More are cut off: nobody has so many proxies. */
const maxHops = 20

/** The proxies whose word on where a request comes from is believed. */
export class TrustedProxies {
  readonly #list = new BlockList()

  /** @param ranges addresses and CIDR ranges. @throws RangeError naming the one that is none. */
  constructor(ranges: readonly string[] = []) {
    for (const range of ranges) {
      const { address, family, prefix } = parseRange(range)
      this.#list.addSubnet(address, prefix, family)
    }
  }

  has(address: string): boolean {
    const family = familyOf(address)
    return family !== undefined && this.#list.check(address, family)
  }
}

/**
 * Where a request comes from: the last address that no trusted proxy stands for. What a client writes into the headers
 * itself stands to the left of what the proxies add, so the list is read from the right and only through proxies.
 */
export function clientAddress(peer: string, headers: IncomingHttpHeaders, proxies: TrustedProxies): string {
  const direct = plainAddress(peer)
  if (!proxies.has(direct)) return direct
  const lists = [forwardedFor(headers['x-forwarded-for']), forwarded(headers.forwarded)].filter(
    (list) => list !== undefined,
  )
  const found = lists.map((list) => lastUntrusted(list, direct, proxies))
  // A proxy writes one of the two headers and hands the other on as the client wrote it: which is which is not known.
  return new Set(found).size === 1 ? (found[0] ?? direct) : direct
}

/** What limits count by: an address, of IPv6 the network of 64 bits in which a single host has all addresses. */
export function addressGroup(address: string): string {
  const plain = plainAddress(address)
  return isIP(plain) === 6 ? `${expandIpv6(plain).slice(0, 4).join(':')}::/64` : plain
}

/** The wider network that one customer of a provider may have: 24 bits of IPv4, 48 of IPv6. */
export function addressNetwork(address: string): string {
  const plain = plainAddress(address)
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  return isIP(plain) === 6 ? `${expandIpv6(plain).slice(0, 3).join(':')}::/48` : plain
}

/** An address without zone, and without the mapping of IPv4 into IPv6. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : bare.toLowerCase()
}

function lastUntrusted(hops: readonly (string | undefined)[], direct: string, proxies: TrustedProxies): string {
  let found = direct
  for (const hop of hops.toReversed().slice(0, maxHops)) {
    // A proxy that hides what it knows, or writes nonsense, is the last one that is known.
    if (hop === undefined) return found
    found = hop
    if (!proxies.has(found)) return found
  }
  return found
}

/** Addresses from the client on; undefined: the header is not there. */
function forwardedFor(header: string | string[] | undefined): (string | undefined)[] | undefined {
  if (header === undefined) return undefined
  return [header].flat().flatMap((line) => line.split(',').map((hop) => hopAddress(hop)))
}

/** The same of RFC 7239. */
function forwarded(header: string | undefined): (string | undefined)[] | undefined {
  return header
    ?.split(',')
    .map((element) =>
      hopAddress(/(?:^|;)\s*for\s*=\s*("[^"]*"|[^;"\s]+)/i.exec(element)?.[1]?.replaceAll('"', '') ?? ''),
    )
}

/** An address as a proxy writes it, perhaps with a port; undefined: it is none. */
function hopAddress(text: string): string | undefined {
  const trimmed = text.trim()
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1]
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1]
  const address = plainAddress(inBrackets ?? withPort ?? trimmed)
  return isIP(address) === 0 ? undefined : address
}

/** @throws RangeError when it is no address and no CIDR range. */
export function parseRange(range: string) {
  const [text = '', bits, ...rest] = range.split('/')
  const address = plainAddress(text)
  const family = familyOf(address)
  if (family === undefined || rest.length > 0) throw new RangeError(`${range} is no address and no CIDR range`)
  const length = family === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? length : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix >= 0 && prefix <= length)) throw new RangeError(`${range} has a prefix that is not from 0 to ${length}`)
  return { address, family, prefix }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}

/** Its eight groups, without leading zeros. */
function expandIpv6(address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  return tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
}
