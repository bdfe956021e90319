import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { packPackage, writePackage } from '@stagewatch/packaging/make-package.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../harness/free-port.ts'
import { runNode } from '../harness/node-process.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
import { canMountDisks } from '../harness/small-disk.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))
const minuteMs = 60_000
/** As a user has it: without the programs of this repository, its version of Node among them. */
const path = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.startsWith(repository) && !folder.includes('node_modules'))
  .join(delimiter)
const isAbleToInstall =
  isNight && process.platform !== 'win32' && path.split(':').some((programs) => existsSync(join(programs, 'npm')))

// Among the tests that run alone, because they install several hundred megabytes.
describe('npm install', skipUnless(isAbleToInstall, 'installing the npm package (needs npm, and SOAK=full)'), () => {
  let folder = ''
  let plant = ''
  const env = () => ({ PATH: path, HOME: process.env['HOME'], DEMO: 'off', LOG_LEVEL: 'warn' })
  const npx = (...args: string[]) => promisify(execFile)('npx', ['stagewatch', ...args], { cwd: plant, env: env() })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stagewatch-install-'))
    plant = join(folder, 'plant')
    await mkdir(plant)
    const staged = join(folder, 'package')
    const file = await packPackage(staged, await writePackage(staged, 'npx stagewatch'))
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', file], { cwd: plant, env: env() })
  }, 10 * minuteMs)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('brings all that a server needs, whichever version of Node is there', { timeout: 5 * minuteMs }, async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const server = spawn('npx', ['stagewatch'], {
      cwd: plant,
      env: { ...env(), PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own, for Ctrl-C.
      detached: true,
    })
    try {
      expect(await greetingOf(server)).toContain('"createKey":"npx stagewatch key create --name first')
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      const page = await (await fetch(`${url}/wall`)).text()
      for (const [, file] of page.matchAll(/src="(\/[^"]+\.js)"/g))
        expect([file, (await fetch(`${url}${file}`)).status]).toEqual([file, 200])
      await writeFile(join(plant, 'log.csv'), 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n')
      expect(JSON.parse((await npx('import', 'log.csv', '--discover', '--json')).stdout)).toMatchObject({ accepted: 1 })
      expect((await npx('doctor')).stdout).toMatch(/^ok {3}database: /)
    } finally {
      // As a terminal does: npx does not pass a signal on to what its shell has started.
      process.kill(-(server.pid ?? process.pid), 'SIGINT')
      await once(server, 'close')
    }
    // The server has stopped with npx, so that a command opens the data itself.
    await expect(fetch(`${url}/readyz`)).rejects.toThrow('fetch failed')
    expect((await npx('doctor')).stdout).toContain('ok   tables: 1 order')
    // Like a service, with the Node of the machine, which may be an older one.
    const program = join(plant, 'node_modules/stagewatch/bin/stagewatch.js')
    const { stdout } = await promisify(execFile)('node', [program, 'doctor'], { cwd: plant, env: env() })
    expect(stdout).toContain('ok   tables: 1 order')
  })
})

const { stdout: engine } = isNight
  ? await runNode('packaging/src/check-image.ts', ['--find'], process.env)
  : { stdout: '' }
const hasEngine = /^(?:docker|podman)$/m.test(engine)
it(
  'the image is built by a container engine, and its container starts, answers and stops without rights',
  { timeout: 20 * minuteMs, ...skipUnless(hasEngine, 'the image (needs Docker or Podman, and SOAK=full)') },
  async () => {
    const { code, stdout, stderr } = await runNode('packaging/src/check-image.ts', [], process.env)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('starts, answers and stops')
  },
)

const isAbleToBuild = isNight && !hasEngine && canMountDisks
it(
  'the Dockerfile builds, and its result starts, answers and stops without rights and on a read-only disk',
  {
    timeout: 10 * minuteMs,
    ...skipUnless(isAbleToBuild, 'the Dockerfile without an engine (needs root on Linux, and SOAK=full)'),
  },
  async () => {
    const { code, stdout, stderr } = await runNode('packaging/src/check-dockerfile.ts', [], process.env)
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('starts, answers and stops')
  },
)

/** Resolves with the output up to the greeting. @throws Error if the server ends before. */
async function greetingOf(server: ChildProcess): Promise<string> {
  let printed = ''
  server.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}: ${printed}`)
    if (printed.includes('Stagewatch is running')) return printed
    await Promise.race([once(server, 'close'), server.stdout === null ? undefined : once(server.stdout, 'data')])
  }
}
