import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { oldestChromium } from '../client/src/engine/oldest-engine.ts'
import { polyfills } from '../client/src/engine/polyfills.ts'
import { newerThan } from '../test/src/engine/newer-features.ts'
import { unsupportedInScript, unsupportedInStyle, type Unsupported } from '../test/src/engine/unsupported.ts'

/** How large scripts may be, kB gzipped. */
const maxKb = {
  /** In one piece with the texts of one language, over whatever line the hall has. */
  wall: 330,
  /** What every page of the desk needs. */
  shell: 290,
  /** Of a page with charts: beyond the shell, with what it loads later by itself. */
  charts: 250,
  /** The page for phones with the texts of one language; how codes are read is loaded with the camera. */
  scan: 150,
  /** The same of every other page of the desk. */
  page: 80,
} as const
const pagesWithCharts = /\/features\/(analysis|overview)\/.*-page\.tsx$/

/** Uses by libraries that no old engine comes to, by the part of the text that names them. */
const unreached: readonly { readonly feature: string; readonly near: string; readonly reason: string }[] = [
  { feature: '.union()', near: '.copy(', reason: 'a rectangle of echarts has a method of this name' },
  { feature: 'WebTransport', near: '_transport', reason: 'socket.io opens it only where the page asks for it' },
  { feature: '.startViewTransition()', near: 'update:', reason: 'React calls it only for its ViewTransition' },
]

/** Only forced colours ask for it, which came with Chromium 89. */
const unforced = new Set(['forced-color-adjust', 'forced-color-adjust none'])

const problems: string[] = []
const built = asOutput(await build({ configFile: 'vite.config.ts', logLevel: 'warn', build: { write: false } }))
const chunks = new Map(built.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))
const assets = new Map(
  built.output.flatMap((file) => (file.type === 'asset' ? [[file.fileName, String(file.source)] as const] : [])),
)
const wall = loadedBy('wall')
// Only a screen that nobody has let in loads how to ask for that.
const letIn = [...loadedBy('wall', 'static'), ...wall.filter((chunk) => languageOf(chunk) !== undefined)]
const texts = Map.groupBy(letIn, languageOf)
const ofNoLanguage = texts.get(undefined) ?? []
texts.delete(undefined)
// A wall loads the texts of one language.
const largestTextsKb = Math.max(...texts.values().map(gzippedKb))
if (texts.size < 2) problems.push('The build has no texts of its own for each language')
checkSize(
  `the wall with the texts of one language (${largestTextsKb.toFixed(0)} kB)`,
  ofNoLanguage,
  'wall',
  largestTextsKb,
)
checkDesk()
checkScan()
const strangers = wall.flatMap(({ moduleIds }) => moduleIds.filter((id) => id.includes('/@mantine/')))
if (strangers.length > 0) problems.push(`The wall needs no forms: ${strangers[0]}`)
problems.push(...unsupported(), ...withoutPolyfills())

console.log(`For Chromium ${oldestChromium} and newer`)
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1

function checkSize(
  name: string,
  scripts: readonly Rolldown.OutputChunk[],
  budget: keyof typeof maxKb,
  furtherKb = 0,
): void {
  const sizeKb = gzippedKb(scripts) + furtherKb
  console.log(`${scripts.length} scripts of ${name}: ${sizeKb.toFixed(0)} kB gzipped, of ${maxKb[budget]}`)
  if (scripts.length === 0) problems.push(`The build has no scripts of ${name}`)
  if (sizeKb > maxKb[budget]) problems.push(`The scripts of ${name} are too large: ${sizeKb.toFixed(0)} kB`)
}

/** Each page of the desk is loaded when somebody goes there, and so are none of the others. */
function checkDesk(): void {
  const shell = new Set(loadedBy('desk', 'static'))
  checkSize('the shell of the desk', [...shell], 'shell')
  const pages = [...chunks.values()].filter(({ facadeModuleId }) => facadeModuleId?.endsWith('-page.tsx'))
  const sizes = pages.map((page) => {
    const own = loadedFrom(page, (chunk) => shell.has(chunk) || (chunk !== page && pages.includes(chunk)))
    return { page, own, sizeKb: gzippedKb(own) }
  })
  const kinds = Map.groupBy(sizes, ({ page }) => (pagesWithCharts.test(page.facadeModuleId ?? '') ? 'charts' : 'page'))
  for (const kind of ['charts', 'page'] as const) {
    const [largest] = (kinds.get(kind) ?? []).toSorted((a, b) => b.sizeKb - a.sizeKb)
    const what = kind === 'charts' ? 'page with charts' : 'other page'
    checkSize(`the largest ${what} beyond the shell (${largest?.page.name ?? ''})`, largest?.own ?? [], kind)
  }
  const together = [...shell].flatMap(({ moduleIds }) => moduleIds.filter((id) => /\/features\/.*-page\.tsx$/.test(id)))
  if (together.length > 0) problems.push(`A page of the desk is loaded with all others: ${together[0]}`)
}

/** On the floor the page comes over whatever line there is. */
function checkScan(): void {
  const byLanguage = Map.groupBy(loadedBy('scan').filter(languageOf), languageOf)
  checkSize('the page for phones', loadedBy('scan', 'static'), 'scan', Math.max(...byLanguage.values().map(gzippedKb)))
  if (!assets.has('scan-worker.js')) problems.push('The build has no service worker of the page for phones')
}

function gzippedKb(scripts: readonly Rolldown.OutputChunk[]): number {
  return scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000
}

/** Tag of the language whose texts the script holds; undefined: it is none of texts. */
function languageOf({ name }: Rolldown.OutputChunk): string | undefined {
  return /^texts-[a-z]+-(.+)$/.exec(name)?.[1]
}

/** What the wall, its fallback and its watchdog use that the oldest engine lacks. */
function unsupported(): string[] {
  const features = newerThan(oldestChromium)
  const filled = new Set(polyfills.flatMap(({ owner, name }) => [`.${name}()`, `${nameOf(owner)}.${name}`]))
  const loaded = new Set([...wall, ...loadedBy('fallback')])
  const watchdog = [...assets].filter(([name]) => name.includes('watchdog'))
  const styles = new Set([...loaded].flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]))
  if (watchdog.length !== 1 || styles.size === 0) return ['The build has no watchdog or no styles']
  return [
    ...[...loaded].flatMap(({ fileName, code }) =>
      unsupportedInScript(code, features)
        .filter((use) => !filled.has(use.feature) && !isUnreached(use))
        .map((use) => told(fileName, use)),
    ),
    // It loads nothing besides itself, polyfills included.
    ...watchdog.flatMap(([name, code]) => unsupportedInScript(code, features).map((use) => told(name, use))),
    ...[...styles].flatMap((name) =>
      unsupportedInStyle(assets.get(name) ?? '', features)
        .filter(({ feature }) => !unforced.has(feature))
        .map((use) => told(name, use)),
    ),
  ]
}

function withoutPolyfills(): string[] {
  const missing = ['wall', 'fallback', 'desk', 'start', 'scan'].filter(
    (name) => !loadedBy(name).some(({ moduleIds }) => moduleIds.some((id) => id.endsWith('/engine/polyfills.ts'))),
  )
  return missing.map((name) => `The page ${name} does not import engine/polyfills.ts`)
}

function isUnreached({ feature, near }: Unsupported): boolean {
  return unreached.some((use) => use.feature === feature && near.includes(use.near))
}

function told(file: string, { feature, near }: Unsupported): string {
  return `${file}: Chromium ${oldestChromium} has no ${feature}: … ${near.replaceAll(/\s+/g, ' ')} …`
}

function nameOf(owner: object): string {
  return 'name' in owner && typeof owner.name === 'string' ? owner.name : ''
}

/** All scripts of a page. */
function loadedBy(page: string, imports: 'all' | 'static' = 'all'): Rolldown.OutputChunk[] {
  const entry = chunks.values().find(({ isEntry, name }) => isEntry && name === page)
  return loadedFrom(entry, () => false, imports)
}

/** A script and all that it imports, except what is there already and what only that imports. */
function loadedFrom(
  first: Rolldown.OutputChunk | undefined,
  isThere: (chunk: Rolldown.OutputChunk) => boolean,
  imports: 'all' | 'static' = 'all',
): Rolldown.OutputChunk[] {
  const seen = new Set<Rolldown.OutputChunk>()
  const load = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (chunk === undefined || seen.has(chunk) || isThere(chunk)) return
    seen.add(chunk)
    for (const name of [...chunk.imports, ...(imports === 'all' ? chunk.dynamicImports : [])]) load(chunks.get(name))
  }
  load(first)
  return [...seen]
}

function asOutput(answer: Awaited<ReturnType<typeof build>>): Rolldown.RolldownOutput {
  if (!('output' in answer)) throw new TypeError('vite has built something else than one set of pages')
  return answer
}
