import { gzipSync } from 'node:zlib'
import { build, type Rolldown } from 'vite'
import { oldestChromium } from '../shared/src/contract/oldest-chromium.ts'
import { polyfills } from '../client/src/engine/polyfills.ts'
import { newerThan } from '../test/src/engine/newer-features.ts'
import { unsupportedInScript, unsupportedInStyle, type Unsupported } from '../test/src/engine/unsupported.ts'

/** Maximum size of scripts, kB gzipped. */
const maxKb = {
  /** As a whole with the texts of one language, because a hall may have a slow connection. */
  wall: 330,
  /** The part that every page of the desk needs. */
  shell: 280,
  /** A page with charts: beyond the shell, including the scripts that it loads later. */
  charts: 250,
  /** The page for phones with the texts of one language; the code reader is loaded with the camera. */
  scan: 148,
  /** Like `charts`, for every other page of the desk. */
  page: 90,
} as const
/** How many scripts a page of the desk may load, with the shell: each is a request. */
const maxDeskScripts = 45
const pagesWithCharts = /\/features\/(analysis|overview)\/.*-page\.tsx$/

/**
 * Features that libraries use in code which old browsers never reach, each with nearby text that identifies the place.
 */
const unreached: readonly { readonly feature: string; readonly near: string; readonly reason: string }[] = [
  { feature: '.union()', near: '.copy(', reason: 'a rectangle of echarts has a method of this name' },
  { feature: 'WebTransport', near: '_transport', reason: 'socket.io opens it only where the page asks for it' },
  { feature: '.startViewTransition()', near: 'update:', reason: 'React calls it only for its ViewTransition' },
]

/** Only applies to forced colours, which were added in Chromium 89. */
const unforced = new Set(['forced-color-adjust', 'forced-color-adjust none'])

const problems: string[] = []
const built = asOutput(await build({ configFile: 'vite.config.ts', logLevel: 'warn', build: { write: false } }))
const chunks = new Map(built.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])))
const assets = new Map(
  built.output.flatMap((file) => (file.type === 'asset' ? [[file.fileName, String(file.source)] as const] : [])),
)
const wall = loadedBy('wall')
// The scripts for pairing are only loaded by a screen that is not paired yet.
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
problems.push(...unsupported(), ...withoutPolyfills(), ...cycles())

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

/** Each page of the desk is loaded on demand, without any of the others. */
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
  for (const { page, own } of sizes) {
    const styles = own.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])])
    // Rules of the root apply to the whole desk as soon as one page has been opened.
    const changed = styles.find((name) => /:root\b/.test(assets.get(name) ?? ''))
    if (changed !== undefined) problems.push(`${page.name} changes how all pages look: ${changed}`)
  }
  const mostScripts = shell.size + Math.max(...sizes.map(({ own }) => own.length))
  console.log(`${mostScripts} scripts of a page of the desk with the shell, of ${maxDeskScripts}`)
  if (mostScripts > maxDeskScripts) problems.push(`A page of the desk loads too many scripts: ${mostScripts}`)
  const together = [...shell].flatMap(({ moduleIds }) => moduleIds.filter((id) => /\/features\/.*-page\.tsx$/.test(id)))
  if (together.length > 0) problems.push(`A page of the desk is loaded with all others: ${together[0]}`)
}

/** On the floor, the connection may be slow. */
function checkScan(): void {
  const byLanguage = Map.groupBy(loadedBy('scan').filter(languageOf), languageOf)
  checkSize('the page for phones', loadedBy('scan', 'static'), 'scan', Math.max(...byLanguage.values().map(gzippedKb)))
  if (!assets.has('scan-worker.js')) problems.push('The build has no service worker of the page for phones')
}

function gzippedKb(scripts: readonly Rolldown.OutputChunk[]): number {
  return scripts.reduce((sum, { code }) => sum + gzipSync(code).length, 0) / 1000
}

/** Language tag of a script with texts; undefined for other scripts. */
function languageOf({ name }: Rolldown.OutputChunk): string | undefined {
  return /^texts-[a-z]+-(.+)$/.exec(name)?.[1]
}

/** Features that the oldest supported browser lacks but the wall, its fallback or its watchdog uses. */
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
    // The watchdog loads nothing else, not even polyfills.
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

/** Scripts that import each other: one of them would use what the other has not defined yet. */
function cycles(): string[] {
  const found: string[] = []
  const done = new Set<string>()
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) found.push(`Scripts import each other: ${[...path, name].join(' → ')}`)
    if (done.has(name) || path.includes(name)) return
    for (const imported of chunks.get(name)?.imports ?? []) visit(imported, [...path, name])
    done.add(name)
  }
  for (const name of chunks.keys()) visit(name, [])
  return found
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

/** A script and all of its imports, except those that are loaded already and what only these import. */
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
