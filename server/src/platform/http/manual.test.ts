import { hash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newHttpApp } from './http-app.ts'
import { hasManual, registerManual } from './manual.ts'
import { registerSecurityHeaders } from './security-headers.ts'
import { ServedHosts } from './served-hosts.ts'
import type { TypedApp } from './typed-app.ts'

let folder: string
const apps: TypedApp[] = []
const script = "document.documentElement.classList.add('dark')"

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'stagewatch-manual-')), 'manual')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await mkdir(join(folder, 'zh'))
  const page = `<script src="/manual/assets/app.1a2b.js"></script><script id="dark">${script}</script>`
  for (const path of ['index.html', 'zh/index.html']) await writeFile(join(folder, path), page)
  await writeFile(join(folder, 'assets/app.1a2b.js'), '')
  await writeFile(join(folder, '../secret'), 'not for readers')
})
afterAll(async () => {
  for (const app of apps) await app.close()
  await rm(join(folder, '..'), { recursive: true })
})

async function open(from: string): Promise<TypedApp> {
  const app = newHttpApp(pino({ level: 'silent' }))
  apps.push(app)
  await registerSecurityHeaders(app, { hosts: new ServedHosts(), publicUrl: undefined })
  await registerManual(app, from)
  return app
}

describe('the user guide', () => {
  it('is served below /manual/, and only its own inline scripts may run', async () => {
    const app = await open(folder)
    expect((await app.inject('/manual')).headers.location).toBe('/manual/')
    for (const url of ['/manual/', '/manual/zh/']) {
      const { statusCode, headers } = await app.inject(url)
      expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
        200,
        'text/html; charset=utf-8',
        'no-cache',
      ])
      const policy = String(headers['content-security-policy'])
      expect(policy).toContain(`script-src 'self' 'sha256-${hash('sha256', script, 'base64')}';`)
      expect(policy.match(/sha256-/g)).toHaveLength(1)
    }
    expect((await app.inject('/manual/assets/app.1a2b.js')).headers['cache-control']).toContain('immutable')
  })

  it('contains nothing beside its folder', async () => {
    const app = await open(folder)
    const paths = ['../secret', '%2e%2e/secret', '..%2fsecret', 'nothing.html']
    const answers = await Promise.all(paths.map((path) => app.inject(`/manual/${path}`)))
    expect(answers.filter(({ statusCode }) => statusCode < 400)).toEqual([])
    expect(answers.filter(({ body }) => body.includes('not for readers'))).toEqual([])
  })

  it('is missing in a clone in which it was not built', async () => {
    const none = join(folder, 'assets')
    expect([hasManual(folder), hasManual(none)]).toEqual([true, false])
    expect((await (await open(none)).inject('/manual/')).statusCode).toBe(404)
  })
})
