import { hostname as machineName, networkInterfaces } from 'node:os'

export interface ServedHostsOptions {
  /** The address that the server listens on. */
  readonly bind?: string
  readonly publicUrl?: string | undefined
  /** Additional names, lower case and without port. */
  readonly allowed?: readonly string[]
  /** Addresses of this machine's network interfaces; they may change while the server runs. */
  readonly ownAddresses?: () => readonly string[]
}

const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]', '::1'])
const wildcards: ReadonlySet<string> = new Set(['0.0.0.0', '::', '[::]'])
const hostForm = /^(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

/** @param hostname without port, an IPv6 address in brackets or without. */
export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname)
}

/** Whether a server that listens on this address is reachable under every address of its machine. */
export function isWildcard(bind: string): boolean {
  return wildcards.has(bind)
}

/**
 * The name in a `Host` header: lower case, without port and without the trailing dot of a fully qualified name.
 * Undefined if the header is missing or not a host.
 */
export function hostnameOf(host: string | undefined): string | undefined {
  if (host === undefined || !hostForm.test(host) || !URL.canParse(`http://${host}`)) return undefined
  return new URL(`http://${host}`).hostname.replace(/\.$/, '')
}

/** Addresses of the machine in the form of a `Host` header. */
function machineAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address, family }) => (family === 'IPv6' ? `[${address.replace(/%.*$/, '')}]` : address))
}

/**
 * URLs at which a server on this address is reachable, without a trailing slash, most useful first: for a wildcard
 * address, those of the network before the loopback.
 */
export function reachableUrls(bind: string, port: number, ownAddresses = machineAddresses): string[] {
  const urlOf = (host: string) => `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}`
  if (!isWildcard(bind)) return [urlOf(bind)]
  const inNetwork = ownAddresses().filter((address) => !/^(?:127\.|169\.254\.|\[)/.test(address))
  return [...inNetwork, '127.0.0.1'].map(urlOf)
}

/**
 * The host names that requests may use. A page of another origin can point its own name at this server (DNS rebinding),
 * and a caller can send any name: neither may decide what is shown or where links lead. Ports are not compared, because
 * a container or a tunnel publishes the server under another one.
 */
export class ServedHosts {
  readonly #names: Set<string>
  readonly #ownAddresses: (() => readonly string[]) | undefined

  constructor(options: ServedHostsOptions = {}) {
    const { bind = '127.0.0.1', publicUrl, allowed = [], ownAddresses = machineAddresses } = options
    const named = [...loopbackNames, ...allowed]
    if (isWildcard(bind)) named.push(machineName())
    else named.push(bind.includes(':') && !bind.startsWith('[') ? `[${bind}]` : bind)
    if (publicUrl !== undefined) named.push(new URL(publicUrl).host)
    this.#names = new Set(named.flatMap((name) => hostnameOf(name) ?? []))
    this.#ownAddresses = isWildcard(bind) ? ownAddresses : undefined
  }

  /**
   * @param host the `Host` header. Browsers always send one, so a request without it (such as a health check in
   * HTTP/1.0) is allowed, but never treated as one to a loopback name.
   */
  allows(host: string | undefined): boolean {
    if (host === undefined) return true
    const hostname = hostnameOf(host)
    if (hostname === undefined) return false
    // Names below localhost cannot be pointed anywhere else.
    if (this.#names.has(hostname) || hostname.endsWith('.localhost')) return true
    if (this.#ownAddresses?.().includes(hostname) !== true) return false
    this.#names.add(hostname)
    return true
  }
}
