import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** Prints which modules of drizzle-orm are loaded, and how many imports of them Node itself resolves. */
const watch = `
import { registerHooks } from 'node:module'
let resolved = 0
const loaded = new Set()
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    if (found.url.includes('/drizzle-orm/')) resolved += 1
    return found
  },
  load(url, context, next) {
    const { format } = context
    if (url.includes('/drizzle-orm/')) loaded.add(url + ' ' + format)
    return next(url, context)
  },
})
process.on('exit', () => console.log(JSON.stringify({ resolved, loaded: [...loaded].sort() })))`

interface Watched {
  readonly resolved: number
  readonly loaded: readonly string[]
}

/** Loads the modules of the database, which use most of drizzle-orm. */
function load(...preloaded: readonly string[]): Watched {
  const imports = [`data:text/javascript,${encodeURIComponent(watch)}`, ...preloaded].flatMap((url) => [
    '--import',
    url,
  ])
  const program = fileURLToPath(import.meta.resolve('@stagewatch/db/open-database.ts'))
  const { stdout, stderr } = spawnSync(process.execPath, [...imports, program], { encoding: 'utf8' })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Watched
}

it('loads the same modules of drizzle-orm as Node, of which Node resolves a few', () => {
  const usual = load()
  const ours = load(new URL('preload.ts', import.meta.url).href)
  expect(usual.loaded.length).toBeGreaterThan(100)
  expect(ours.loaded).toEqual(usual.loaded)
  expect(usual.resolved).toBeGreaterThan(300)
  expect(ours.resolved).toBeLessThan(20)
})
