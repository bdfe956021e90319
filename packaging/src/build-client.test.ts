import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtFrom, hashFile, inputsHash } from './build-client.ts'

let root = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'stagewatch-pages-'))
  await write('client/src/wall/wall.tsx', 'wall')
  await write('shared/src/domain/order.ts', 'order')
  await write('pnpm-lock.yaml', 'packages')
})
afterAll(() => rm(root, { recursive: true }))

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true })
  await writeFile(join(root, file), text)
}

describe('the pages are built again', () => {
  it.each([
    'client/src/wall/wall.tsx',
    'client/src/wall/new-part.css',
    'client/public/theme.js',
    'client/wall.html',
    'shared/src/domain/order.ts',
    'pnpm-lock.yaml',
    'vite.config.ts',
  ])('after a change of %s', async (file) => {
    const before = await inputsHash(root, {})
    await write(file, 'changed')
    expect(await inputsHash(root, {})).not.toBe(before)
  })

  it('with other settings', async () => {
    expect(await inputsHash(root, { command: 'a' })).not.toBe(await inputsHash(root, { command: 'b' }))
  })

  it('if the last build did not end', async () => {
    const folder = join(root, 'client/dist')
    await write(`client/dist/${hashFile}`, 'abc')
    expect(await builtFrom(folder)).toBeUndefined()
    await write('client/dist/wall.html', '<html>')
    expect(await builtFrom(folder)).toBe('abc')
    await rm(join(folder, hashFile))
    expect(await builtFrom(folder)).toBeUndefined()
  })
})

it.each(['client/src/wall/wall.test.tsx', 'client/src/live/testing/fake.ts', 'server/src/main.ts', 'docs/a.md'])(
  'the pages are not built again after a change of %s',
  async (file) => {
    const before = await inputsHash(root, {})
    await write(file, 'changed')
    expect(await inputsHash(root, {})).toBe(before)
  },
)
