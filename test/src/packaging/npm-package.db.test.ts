import { globSync } from 'node:fs'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { once } from 'node:events'
import { buildClient } from '@stagewatch/packaging/build-client.ts'
import { writePackage } from '@stagewatch/packaging/make-package.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runNode } from '../harness/node-process.ts'
import { spawnServer } from '../harness/spawn-server.ts'
import { call } from '../http/call.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const merged = ['server', 'db', 'shared'] as const

let folder = ''
let program = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-package-'))
  program = join(folder, 'bin/stagewatch.js')
  await writePackage(folder, 'npx stagewatch')
  // In place of an installation: each part finds the packages that it declares, and no others.
  for (const part of merged) await symlink(join(repository, part, 'node_modules'), join(folder, part, 'node_modules'))
}, 180_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

function filesOf(pattern: string): string[] {
  return globSync(pattern, { cwd: folder, exclude: ['*/node_modules'] }).map((file) => file.replaceAll('\\', '/'))
}

describe('the npm package', () => {
  it('contains compiled modules only, and neither tests nor what belongs to development', async () => {
    expect(filesOf('**/*.ts')).toEqual([])
    expect(filesOf('**/{testing,*.test.*}')).toEqual([])
    const modules = filesOf('{bin,server,db,shared}/**/*.js')
    expect(modules.length).toBeGreaterThan(500)
    const texts = await Promise.all(modules.map(async (file) => [file, await readFile(join(folder, file), 'utf8')]))
    const stale = texts.filter(([, text]) => /(?:from|import|import\(|URL\() ?['"][^'"\n]+\.ts['"]/.test(text ?? ''))
    expect(stale.map(([file]) => file)).toEqual([])
  })

  it('names exact versions of its dependencies, and everything that it imports is one of them', async () => {
    const manifest: Record<string, Record<string, string>> = JSON.parse(
      await readFile(join(folder, 'package.json'), 'utf8'),
    )
    expect(manifest).toMatchObject({ name: 'stagewatch', bin: { stagewatch: 'bin/stagewatch.js' }, engines: {} })
    const versions = Object.values({ ...manifest['dependencies'], ...manifest['optionalDependencies'] })
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
    const fastify = await readFile(join(repository, 'server/node_modules/fastify/package.json'), 'utf8')
    expect(manifest['dependencies']?.['fastify']).toBe(JSON.parse(fastify).version)
  })

  it('is not built again from the same sources', async () => {
    const pages = join(repository, 'dist/client')
    expect(await buildClient({ folder: pages, stagewatchCommand: 'npx stagewatch' })).toBe(false)
  })

  // Seven starts from modules that are not bundled.
  it('starts a server with its pages, and runs commands beside it and alone', { timeout: 180_000 }, async () => {
    const server = await spawnServer({ dataDirectory: join(folder, 'data'), installed: { program, folder } })
    try {
      expect(await (await fetch(`${server.url}/readyz`)).json()).toEqual({ status: 'ok' })
      // Its data is in the folder in which commands look for it.
      expect(server.greeting.createKey).toBe('stagewatch key create --name first --scope ingest,read')
      for (const page of ['/', '/wall', '/sign-in', '/scan']) await expectPage(server.url, page)
      expect((await fetch(`${server.url}/docs`)).status).toBe(200)
      const log = join(folder, 'log.csv')
      await writeFile(log, 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n')
      const run = (...args: string[]) => runNode(program, args, { DATA_DIR: server.dataDirectory }, 'sources', folder)
      const imported = await run('import', log, '--discover', '--json')
      expect(JSON.parse(imported.stdout)).toMatchObject({ accepted: 1 })
      const { stdout: version } = await run('--version')
      expect(await (await fetch(`${server.url}/healthz`)).json()).toMatchObject({
        status: 'ok',
        version: version.trim(),
      })
      const created = await run('key', 'create', '--name', 'first', '--scope', 'admin', '--json')
      const { key } = JSON.parse(created.stdout) as { key: string }
      const changelog = await call(`${server.url}/api/v1/admin/changelog`, { key })
      expect(changelog).toMatchObject({ status: 200, body: { releases: [{ sections: expect.anything() }] } })
      expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 })
      expect(await run('doctor')).toMatchObject({ code: 0, stderr: '' })
      expect((await run('--help')).stdout).toMatch(/^ {2}start +start the server.*\n {2}import /m)
      expect((await run('start', '--help')).stdout).toMatch(/^usage: stagewatch\n/)
    } finally {
      await server.close()
    }
  })

  it('contains every thread that it starts, with its modules', async () => {
    const modules = filesOf('server/**/*.js')
    const texts = await Promise.all(modules.map((file) => readFile(join(folder, file), 'utf8')))
    const started = texts.flatMap((text) => [...text.matchAll(/new URL\('\.\/([\w-]+\.js)'/g)].map(([, name]) => name))
    const threads = modules.filter((file) => started.includes(file.split('/').at(-1)))
    expect(threads.length).toBe(3)
    expect(threads.length).toBe(new Set(started).size)
    for (const thread of threads) expect(await loadedInThread(join(folder, thread))).toBe('loaded')
  })

  it('names what it needs on a version of Node that is too old', async () => {
    const manifest = join(folder, 'package.json')
    const text = await readFile(manifest, 'utf8')
    try {
      await writeFile(manifest, text.replace(/"node": ">=\d+"/, '"node": ">=999"'))
      const { code, stderr } = await runNode(program, ['doctor'], {}, 'sources', folder)
      expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('needs Node.js 999 or newer') })
    } finally {
      await writeFile(manifest, text)
    }
  })
})

/** A page with all scripts and styles that it names. */
async function expectPage(url: string, path: string): Promise<void> {
  const page = await fetch(`${url}${path}`, { headers: { accept: 'text/html' } })
  expect([path, page.status]).toEqual([path, 200])
  const files = Array.from((await page.text()).matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g), ([, file]) => file)
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) {
    const { status, headers } = await fetch(`${url}${file}`)
    expect([file, status, headers.get('content-type')]).toEqual([file, 200, expect.stringMatching(/javascript|css/)])
  }
}

/**
 * Loads the module of a thread, without work for it: one that begins at once fails at that, after all of its modules
 * were loaded.
 */
async function loadedInThread(file: string): Promise<unknown> {
  const code = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.file).then(() => parentPort.postMessage('loaded'))`
  const workerData = {
    file: pathToFileURL(file).href,
    url: 'postgres://nobody@127.0.0.1:1/none',
    site: 'main',
    bounds: {},
    taken: new Int32Array(new SharedArrayBuffer(4)),
  }
  const worker = new Worker(code, { eval: true, workerData })
  try {
    for (;;) {
      const [message] = await once(worker, 'message')
      if (message === 'loaded') return message
    }
  } catch (error) {
    const isLoaded = error instanceof TypeError && !('code' in error)
    return isLoaded ? 'loaded' : error
  } finally {
    await worker.terminate()
  }
}
