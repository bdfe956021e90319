import type { IncomingHttpHeaders } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** Maximum number of hops that are read; no real request passes through more proxies. */
const maxHops = 20
/** Anybody can send the headers, so only a few senders are remembered. */
const maxNoted = 5

/** The proxies whose forwarding headers are trusted. */
export class TrustedProxies {
  readonly #list = new BlockList()
  readonly #others = new Set<string>()

  /** @param ranges addresses and CIDR ranges. @throws RangeError naming the invalid one. */
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

  /** The first addresses that have sent forwarding headers without being trusted, since the server was started. */
  get others(): ReadonlySet<string> {
    return this.#others
  }

  note(address: string): void {
    if (this.#others.size < maxNoted) this.#others.add(address)
  }
}

/**
 * The origin of a request: the last address that is not a trusted proxy. Header values that the client writes itself
 * are to the left of those that the proxies add, so the list is read from the right and only across trusted proxies.
 */
export function clientAddress(peer: string, headers: IncomingHttpHeaders, proxies: TrustedProxies): string {
  const direct = plainAddress(peer)
  if (!proxies.has(direct)) {
    if (headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined) proxies.note(direct)
    return direct
  }
  const lists = [forwardedFor(headers['x-forwarded-for']), forwarded(headers.forwarded)].filter(
    (list) => list !== undefined,
  )
  const found = lists.map((list) => lastUntrusted(list, direct, proxies))
  // A proxy writes one of the two headers and passes the other on as the client wrote it. Which one is not known, so
  // only a result on which both agree is trusted.
  return new Set(found).size === 1 ? (found[0] ?? direct) : direct
}

/** Key of rate limits: an IPv4 address, or the /64 network of an IPv6 address, which a single host can use freely. */
export function addressGroup(address: string): string {
  const plain = plainAddress(address)
  return isIP(plain) === 6 ? `${expandIpv6(plain).slice(0, 4).join(':')}::/64` : plain
}

/** The wider network that one customer of a provider may have: /24 for IPv4, /48 for IPv6. */
export function addressNetwork(address: string): string {
  const plain = plainAddress(address)
  if (isIP(plain) === 4) return `${plain.split('.').slice(0, 3).join('.')}.0/24`
  return isIP(plain) === 6 ? `${expandIpv6(plain).slice(0, 3).join(':')}::/48` : plain
}

/** An address without zone; an IPv4-mapped IPv6 address as plain IPv4. */
function plainAddress(address: string): string {
  const [bare = ''] = address.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  return mapped !== undefined && isIP(mapped) === 4 ? mapped : bare.toLowerCase()
}

function lastUntrusted(hops: readonly (string | undefined)[], direct: string, proxies: TrustedProxies): string {
  let found = direct
  for (const hop of hops.toReversed().slice(0, maxHops)) {
    // The previous hop hides its peer or wrote an invalid value, so it is the last one known.
    if (hop === undefined) return found
    found = hop
    if (!proxies.has(found)) return found
  }
  return found
}

/** Addresses from the client onwards; undefined if the header is missing. */
function forwardedFor(header: string | string[] | undefined): (string | undefined)[] | undefined {
  if (header === undefined) return undefined
  return [header].flat().flatMap((line) => line.split(',').map((hop) => hopAddress(hop)))
}

/** The same for the `Forwarded` header of RFC 7239. */
function forwarded(header: string | undefined): (string | undefined)[] | undefined {
  return header
    ?.split(',')
    .map((element) =>
      hopAddress(/(?:^|;)\s*for\s*=\s*("[^"]*"|[^;"\s]+)/i.exec(element)?.[1]?.replaceAll('"', '') ?? ''),
    )
}

/** An address as a proxy writes it, possibly with a port; undefined if invalid. */
function hopAddress(text: string): string | undefined {
  const trimmed = text.trim()
  const inBrackets = /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1]
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1]
  const address = plainAddress(inBrackets ?? withPort ?? trimmed)
  return isIP(address) === 0 ? undefined : address
}

/** @throws RangeError when it is neither an address nor a CIDR range. */
export function parseRange(range: string) {
  const [text = '', bits, ...rest] = range.split('/')
  const address = plainAddress(text)
  const family = familyOf(address)
  if (family === undefined || rest.length > 0) throw new RangeError(`${range} is neither an address nor a CIDR range`)
  const length = family === 'ipv4' ? 32 : 128
  const prefix = bits === undefined ? length : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (!(prefix >= 0 && prefix <= length)) throw new RangeError(`${range} has a prefix outside 0 to ${length}`)
  return { address, family, prefix }
}

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address)
  return version === 4 ? 'ipv4' : version === 6 ? 'ipv6' : undefined
}

/** The eight groups of an IPv6 address, without leading zeros. */
function expandIpv6(address: string): string[] {
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::')
  const groups = (text: string | undefined) => (text === undefined || text === '' ? [] : text.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  return tail === undefined ? before : [...before, ...Array(8 - before.length - after.length).fill('0'), ...after]
}
