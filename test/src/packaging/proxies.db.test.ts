import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { connect } from 'node:http2'
import { request, type RequestOptions } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { pairingAsked, pairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import { uploadLimits, uploadOffsetHeader } from '@stagewatch/shared/contract/uploads.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { BoardClient } from '../harness/board-client.ts'
import { startListening, type ForegroundProcess } from '../harness/foreground-process.ts'
import { freePort } from '../harness/free-port.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer, type StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { pairingPath } from '../screens/pair-screen.ts'

const documented = join(import.meta.dirname, '../../../docs/operating/proxies')
const isRoot = process.getuid?.() === 0
const hasOpenssl = spawnSync('openssl', ['version']).status === 0

/** Where a configuration is tried. */
interface Place {
  readonly folder: string
  readonly port: number
  readonly plainPort: number
  /** Host and port of the server. */
  readonly upstream: string
}

interface Installed {
  readonly file: string
  readonly program: string
  readonly hasHttp2: boolean
  /** How it starts in the foreground with this configuration, and how it only checks it. */
  readonly args: (
    file: string,
    folder: string,
  ) => { readonly run: readonly string[]; readonly check: readonly string[] }
  /** What is around the documented file: the distribution's file that includes it, or options for a test machine. */
  readonly around?: (place: Place) => readonly [before: string, after: string]
  /** Adds the second server instance as the file describes. */
  readonly second: (text: string) => string
}

const proxies: readonly Installed[] = [
  {
    file: 'nginx.conf',
    program: '/usr/sbin/nginx',
    hasHttp2: false,
    args: (file) => ({ run: ['-e', 'stderr', '-c', file], check: ['-e', 'stderr', '-t', '-c', file] }),
    around: ({ folder }) => [
      `daemon off; pid ${folder}/pid; error_log stderr warn; events {} http { access_log off;\n`,
      '}\n',
    ],
    second: (config) => config.replace('# server 127.0.0.1:4001', 'server 127.0.0.1:4001'),
  },
  {
    file: 'haproxy.cfg',
    program: '/usr/sbin/haproxy',
    hasHttp2: true,
    args: (file) => ({ run: ['-db', '-f', file], check: ['-c', '-f', file] }),
    second: (config) => config.replace('# server two', 'server two'),
  },
  {
    file: 'Caddyfile',
    program: '/usr/bin/caddy',
    hasHttp2: true,
    args: (file) => ({
      run: ['run', '--adapter', 'caddyfile', '--config', file],
      check: ['validate', '--adapter', 'caddyfile', '--config', file],
    }),
    around: ({ port, plainPort }) => [
      `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${plainPort}\n\thttps_port ${port}\n}\n`,
      '',
    ],
    second: (config) =>
      config.replace('reverse_proxy 127.0.0.1:4000 {', 'reverse_proxy 127.0.0.1:4000 127.0.0.1:4001 {'),
  },
]

describe.each(proxies)('the documented $file', (proxy) => {
  const canRun = existsSync(proxy.program) && isRoot && hasOpenssl
  const reason = `${proxy.file} in front of a server (needs ${proxy.program}, the right to start it, and openssl)`

  describe('in front of a server', skipUnless(canRun, reason), () => {
    const authorities = getCACertificates('default')
    let folder: string
    let file: string
    let url: string
    let plainUrl: string
    let server: StartedServer
    let started: ForegroundProcess | undefined
    let key: string

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stagewatch-proxy-'))
      makeCertificate(folder)
      setDefaultCACertificates([...authorities, await readFile(join(folder, 'stagewatch.crt'), 'utf8')])
      const [port, plainPort] = [await freePort(), await freePort()]
      url = `https://localhost:${port}`
      plainUrl = `http://localhost:${plainPort}`
      server = await startServer({ variables: { PUBLIC_URL: url, TRUSTED_PROXIES: '127.0.0.1' } })
      key = await server.createKey(['read', 'admin'])
      const place = { folder, port, plainPort, upstream: new URL(server.url).host }
      file = join(folder, proxy.file)
      const [before, after] = proxy.around?.(place) ?? ['', '']
      await writeFile(file, before + adapted(readFileSync(join(documented, proxy.file), 'utf8'), place) + after)
      started = await startListening(proxy.program, proxy.args(file, folder).run, {
        port,
        env: { PATH: process.env['PATH'], HOME: folder },
      })
    })
    afterAll(async () => {
      setDefaultCACertificates(authorities)
      await started?.close()
      await server.close()
      await rm(folder, { recursive: true, force: true })
    })

    it('passes pages and requests on, over TLS only', async () => {
      const page = await call(`${url}/wall/basic`)
      expect(page).toMatchObject({ status: 200 })
      expect(page.headers.get('strict-transport-security')).toContain('max-age=')
      expect((await call(`${url}/api/v1/board`, { key })).status).toBe(200)
      // A proxied request is never one of a user on the machine itself.
      expect((await call(`${url}/api/v1/board`)).status).toBe(401)
      expect((await call(`${url}/metrics`)).status).toBe(404)
      const plain = await fetch(`${plainUrl}/wall/basic`, { redirect: 'manual' })
      expect(plain.status).toBeGreaterThanOrEqual(301)
      expect(plain.status).toBeLessThanOrEqual(308)
      expect(plain.headers.get('location')).toMatch(/^https:\/\/localhost\b.*\/wall\/basic$/)
    })

    it('lets a screen join its board', async () => {
      const screen = new BoardClient({ url, site: 'main', token: key })
      try {
        expect((await screen.join()).version).toBeGreaterThanOrEqual(0)
      } finally {
        screen.close()
      }
    })

    it('takes the largest chunk of a file', async () => {
      const bytes = uploadLimits.chunk + 1_000_000
      const content = randomBytes(bytes)
      const began = await call(`${url}/api/v1/uploads`, { key, body: { file: 'orders.csv', bytes } })
      const { id } = z.object({ id: z.string() }).parse(began.body)
      for (let from = 0; from < bytes; from += uploadLimits.chunk) {
        const answer = await call(`${url}/api/v1/uploads/${id}`, {
          key,
          method: 'PATCH',
          headers: { 'content-type': 'application/octet-stream', [uploadOffsetHeader]: String(from) },
          body: content.subarray(from, from + uploadLimits.chunk),
        })
        expect(answer).toMatchObject({ status: 200 })
      }
      expect((await call(`${url}/api/v1/uploads/${id}`, { key })).body).toMatchObject({ receivedBytes: bytes })
    })

    it('tells the server the address of the client, whatever the client claims', async () => {
      // Another address of this machine, so that it differs from that of the proxy.
      const from = '127.0.0.2'
      const claims = { 'x-forwarded-for': '203.0.113.7', forwarded: 'for=203.0.113.7', 'x-real-ip': '203.0.113.7' }
      const answer = await send(`${url}${pairingPath}`, { method: 'POST', localAddress: from, headers: claims })
      const { userCode } = pairingStarted.parse(JSON.parse(await text(answer)))
      const asked = await call(`${url}${pairingPath}/${userCode}`, { key })
      expect(pairingAsked.parse(asked.body).address).toBe(from)
    })

    it.runIf(proxy.hasHttp2)('speaks HTTP/2, and WebSocket over it if it offers that', async () => {
      const session = connect(url, { ca: readFileSync(join(folder, 'stagewatch.crt')) })
      try {
        const [settings] = (await once(session, 'remoteSettings')) as [{ enableConnectProtocol?: boolean }]
        const page = session.request({ ':path': '/readyz' })
        expect((await once(page, 'response'))[0]).toMatchObject({ ':status': 200 })
        page.close()
        if (settings.enableConnectProtocol !== true) return
        const socket = session.request({
          ':method': 'CONNECT',
          ':protocol': 'websocket',
          ':path': '/socket.io/?EIO=4&transport=websocket',
          'sec-websocket-version': '13',
          origin: url,
        })
        expect((await once(socket, 'response'))[0]).toMatchObject({ ':status': 200 })
        socket.close()
      } finally {
        session.destroy()
      }
    })

    it('is valid with a second server instance', async () => {
      const before = await readFile(file, 'utf8')
      const { port } = new URL(server.url)
      const original = readFileSync(join(documented, proxy.file), 'utf8')
      expect(proxy.second(original)).not.toBe(original)
      const two = join(folder, `two-${proxy.file}`)
      await writeFile(two, proxy.second(before.replaceAll(`127.0.0.1:${port}`, '127.0.0.1:4000')))
      execFileSync(proxy.program, proxy.args(two, folder).check, { stdio: 'pipe', env: { HOME: folder } })
    })
  })
})

it('the documented files of Traefik name each other and what they define', () => {
  const staticFile = z
    .object({
      entryPoints: z.record(z.string(), z.unknown()),
      providers: z.object({ file: z.object({ filename: z.string() }) }),
    })
    .parse(parse(readFileSync(join(documented, 'traefik.yaml'), 'utf8')))
  const named = z.record(z.string(), z.unknown())
  const seconds = z
    .string()
    .regex(/^\d+s$/)
    .transform((written) => Number.parseInt(written, 10))
  const { http } = z
    .object({
      http: z.object({
        routers: z.object({
          stagewatch: z.object({
            entryPoints: z.array(z.string()),
            middlewares: z.array(z.string()),
            service: z.string(),
          }),
        }),
        middlewares: named,
        services: z.object({
          stagewatch: z.object({
            loadBalancer: z.object({
              healthCheck: z.object({ interval: seconds, timeout: seconds }),
              serversTransport: z.string(),
            }),
          }),
        }),
        serversTransports: named,
      }),
    })
    .parse(parse(readFileSync(join(documented, 'traefik-routes.yaml'), 'utf8')))
  const router = http.routers.stagewatch
  expect(staticFile.providers.file.filename).toBe('/etc/traefik/traefik-routes.yaml')
  expect(Object.keys(staticFile.entryPoints)).toEqual(expect.arrayContaining(router.entryPoints))
  expect(Object.keys(http.middlewares)).toEqual(router.middlewares)
  expect(Object.keys(http.services)).toEqual([router.service])
  const { serversTransport, healthCheck } = http.services.stagewatch.loadBalancer
  expect(Object.keys(http.serversTransports)).toEqual([serversTransport])
  // Otherwise Traefik asks less often than the file says.
  expect(healthCheck.timeout).toBeLessThan(healthCheck.interval)
})

/** Replaces only names, ports and paths. */
function adapted(original: string, { folder, port, plainPort, upstream }: Place): string {
  return original
    .replaceAll('127.0.0.1:4000', upstream)
    .replaceAll(/\/etc\/(?:ssl|haproxy)\/(stagewatch\.(?:crt|key|pem))/g, join(folder, '$1'))
    .replaceAll(/\b(listen |bind :)443\b/g, `$1${port}`)
    .replaceAll(/\b(listen |bind :)80\b/g, `$1${plainPort}`)
    .replaceAll(/^(board\.example\.com(?= \{)| *server_name board\.example\.com)/gm, (name) =>
      name.replace('board.example.com', 'localhost'),
    )
}

function makeCertificate(folder: string): void {
  const [certificate, key] = [join(folder, 'stagewatch.crt'), join(folder, 'stagewatch.key')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const files = ['-keyout', key, '-out', certificate]
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', ['req', '-x509', '-nodes', '-days', '2', ...kind, ...names, ...files], { stdio: 'pipe' })
  execFileSync('sh', ['-c', 'cat "$1" "$2" >"$3"', 'sh', certificate, key, join(folder, 'stagewatch.pem')])
}

async function send(url: string, options: RequestOptions): Promise<IncomingMessage> {
  const asked = request(url, { ...options, agent: false, ca: getCACertificates('default') })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}
