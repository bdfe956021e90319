import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { eventually } from '../harness/eventually.ts'
import { freePort } from '../harness/free-port.ts'
import { skipUnless } from '../harness/skip.ts'
import { spawnServer } from '../harness/spawn-server.ts'

const hasCaddy = spawnSync('caddy', ['version']).status === 0
const documented = join(import.meta.dirname, '../../../packaging/docker/Caddyfile')

/** For a machine that runs other things: nothing on fixed ports, nothing in the certificates of the system. */
const global = '{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n'

it(
  'Caddy with its own certificates passes requests and sockets on',
  skipUnless(hasCaddy, 'TLS by Caddy (no caddy)'),
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stagewatch-caddy-'))
    const [port, serverPort] = [await freePort(), await freePort()]
    const url = `https://localhost:${port}`
    const file = join(folder, 'Caddyfile')
    await writeFile(file, global + (await readFile(documented, 'utf8')).replace('# tls internal', 'tls internal'))
    const server = await spawnServer({
      env: { PORT: String(serverPort), PUBLIC_URL: url, TRUSTED_PROXIES: '127.0.0.1' },
    })
    const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
      env: { PATH: process.env['PATH'], HOME: folder, PUBLIC_URL: url, UPSTREAM: `127.0.0.1:${serverPort}` },
      stdio: 'ignore',
    })
    try {
      const authority = join(folder, '.local/share/caddy/pki/authorities/local/root.crt')
      const ca = await eventually(async () => {
        const text = await readFile(authority, 'utf8')
        // Caddy may still be writing it.
        expect(text).toContain('-----END CERTIFICATE-----')
        return text
      })
      const ready = await eventually(() => answerTo(`${url}/readyz`, { ca }))
      expect(ready.statusCode).toBe(200)
      expect(ready.headers['strict-transport-security']).toContain('max-age=')
      const headers = { connection: 'Upgrade', upgrade: 'websocket', origin: url, 'sec-websocket-version': '13' }
      const key = { 'sec-websocket-key': Buffer.alloc(16, 1).toString('base64') }
      const socket = `${url}/socket.io/?EIO=4&transport=websocket`
      expect((await answerTo(socket, { ca, headers: { ...headers, ...key } })).statusCode).toBe(101)
      // The server sees where the request comes from, so an unauthenticated read is not one from this machine.
      expect((await answerTo(`${url}/api/v1/board`, { ca })).statusCode).toBe(401)
    } finally {
      caddy.kill('SIGTERM')
      if (caddy.exitCode === null) await once(caddy, 'exit')
      await server.close()
      await rm(folder, { recursive: true, force: true })
    }
  },
)

/** Only the head of the answer, also that of an upgrade. */
async function answerTo(url: string, options: RequestOptions): Promise<IncomingMessage> {
  const asked = request(url, { ...options, agent: false })
  asked.end()
  const answer = await Promise.race([once(asked, 'response'), once(asked, 'upgrade')])
  const head = answer[0] as IncomingMessage
  head.socket.destroy()
  return head
}
