import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startNode } from './harness/node-process.ts'

const dataDirectory = join(tmpdir(), `stagewatch-never-${process.pid}`)
const options = { timeout: 120_000 }

/** What the server says to arguments. A server that starts does not end by itself, and makes its data directory. */
async function startWith(argument: string) {
  const ended = await startNode('server/src/main.ts', [argument], { PORT: '0', DATA_DIR: dataDirectory }).ended
  expect(existsSync(dataDirectory)).toBe(false)
  return ended
}

it('the server says how it is used, and does not start', options, async () => {
  const { code, stdout, stderr } = await startWith('--help')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^usage: [^]*\.env\.example/)
})

it('the server does not start with an argument that it does not know', options, async () => {
  const { code, stdout, stderr } = await startWith('--prot')
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/--prot[^]*\nusage: /)
})
