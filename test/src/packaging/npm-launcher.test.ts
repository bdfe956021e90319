import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../../../packaging/npm/stagewatch.js', import.meta.url))
const folders: string[] = []

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** Runs the program of a package that needs a newer Node than this one. @param node what the Node that it brings does. */
async function run(node?: string): Promise<{ readonly code: unknown; readonly said: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'stagewatch-launcher-'))
  folders.push(folder)
  const manifest = { type: 'module', engines: { node: '>=999' }, optionalDependencies: { 'node-of-tests': '999.0.0' } }
  await mkdir(join(folder, 'bin'))
  await cp(program, join(folder, 'bin/stagewatch.js'))
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  if (node !== undefined) {
    const brought = join(folder, 'node_modules/node-of-tests')
    await mkdir(brought, { recursive: true })
    await writeFile(join(brought, 'package.json'), JSON.stringify({ bin: { node: 'node' } }))
    await writeFile(join(brought, 'node'), `#!/bin/sh\n${node}\n`)
    await chmod(join(brought, 'node'), 0o755)
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'bin/stagewatch.js'), 'doctor'], (error, _, said) =>
      resolve({ code: error?.code ?? 0, said }),
    )
  })
}

describe.skipIf(process.platform === 'win32')('the program of the package, on an older Node', () => {
  it('runs on the Node that the package brings, with its arguments and its exit code', async () => {
    expect(await run('echo "$2" >&2; exit 3')).toEqual({ code: 3, said: 'doctor\n' })
  })

  it('names the library that this Node lacks on a minimal system', async () => {
    const { code, said } = await run('echo "libatomic.so.1: cannot open shared object file" >&2; exit 127')
    expect(code).toBe(127)
    expect(said).toMatch(/libatomic\.so\.1[^]*apt install libatomic1/)
  })

  it('says which version is needed if the package has none', async () => {
    expect(await run()).toMatchObject({ code: 1, said: expect.stringMatching(/needs Node\.js 999 or newer/) })
  })
})
