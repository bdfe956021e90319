import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { runNode } from './harness/node-process.ts'

const dataDirectory = join(tmpdir(), `stagewatch-never-${process.pid}`)
const options = { timeout: 120_000 }

/** The server's output for an argument. A server that starts creates its data directory and does not exit by itself. */
async function startWith(argument: string) {
  const ended = await runNode('server/src/main.ts', [argument], { PORT: '0', DATA_DIR: dataDirectory }, 'sources')
  expect(existsSync(dataDirectory)).toBe(false)
  return ended
}

it('the server prints its usage and does not start', options, async () => {
  const { code, stdout, stderr } = await startWith('--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^usage: [^]*\.env\.example/)
})

it('the server does not start with an argument that it does not know', options, async () => {
  const { code, stdout, stderr } = await startWith('--prot')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/--prot[^]*\nusage: /)
})

it('a command whose reader closes the output ends without an error of its own', options, async () => {
  const command = fileURLToPath(new URL('../../server/src/cli/stagewatch.ts', import.meta.url))
  const child = spawn(process.execPath, [command, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  // Nothing has been printed yet, so that every line is written to a closed pipe.
  child.stdout.destroy()
  const ended = once(child, 'close')
  const stderr = await text(child.stderr)
  expect({ ended: await ended, stderr }).toEqual({ ended: [0, null], stderr: '' })
})

it('Node caches the compiled code of the server and of its threads', options, async () => {
  const preload = fileURLToPath(new URL('../../server/src/platform/preload.ts', import.meta.url))
  const script = 'console.log(require("node:module").getCompileCacheDir(), process.env.NODE_COMPILE_CACHE)'
  const env = { PATH: process.env['PATH'] }
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', preload, '--eval', script], { env })
  const [used = '', ofThreads = ''] = stdout.trim().split(' ')
  expect(ofThreads).toMatch(/node_modules.\.cache.stagewatch$/)
  expect(used.startsWith(ofThreads)).toBe(true)
})
