import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'

/**
 * The wall is loaded in one piece, over whatever line the hall has. Its scripts stay below this size, gzipped.
 */
const mostKb = 330

const built = await build({ configFile: 'vite.config.ts', logLevel: 'warn', build: { write: false } })
const chunks = new Map(
  asOutput(built).output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
)
const wall = chunks.values().find(({ isEntry, name }) => isEntry && name === 'wall')
const loaded = wall === undefined ? [] : [...withImports(wall)]
const sizeKb = loaded.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000

console.log(`${loaded.length} scripts of the wall: ${sizeKb.toFixed(0)} kB gzipped, of ${mostKb}`)
if (sizeKb === 0) console.error('The build has no wall')
const strangers = loaded.flatMap(({ moduleIds }) => moduleIds.filter((id) => id.includes('/@mantine/')))
if (strangers.length > 0) console.error(`The wall needs no forms: ${strangers[0]}`)
process.exitCode = sizeKb > 0 && sizeKb <= mostKb && strangers.length === 0 ? 0 : 1

function withImports(chunk: Rolldown.OutputChunk, seen = new Set<Rolldown.OutputChunk>()): Set<Rolldown.OutputChunk> {
  if (seen.has(chunk)) return seen
  seen.add(chunk)
  for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
    const next = chunks.get(name)
    if (next !== undefined) withImports(next, seen)
  }
  return seen
}

function asOutput(answer: Awaited<ReturnType<typeof build>>): Rolldown.RolldownOutput {
  if (!('output' in answer)) throw new TypeError('vite has built something else than one set of pages')
  return answer
}
