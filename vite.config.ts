import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin, type Rolldown } from 'vite'
import { oldestChromium } from './shared/src/contract/oldest-chromium.ts'
import { isDeskPage } from './shared/src/contract/server-paths.ts'
import manifest from './package.json' with { type: 'json' }

/** Also the target of the stylesheets. */
const target = `chrome${oldestChromium}`
const server = process.env['STAGEWATCH_URL'] ?? 'http://127.0.0.1:4000'

const pages = {
  start: page('index.html'),
  wall: page('wall.html'),
  desk: page('desk.html'),
  fallback: page('fallback.html'),
  scan: page('scan.html'),
}

export default defineConfig(({ command }) => {
  // Vite keeps the existing value, which is `test` in the test runner: React would be built for development.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  return {
    root: 'client',
    // The pages compare it with the version of the server that answers.
    define: { 'import.meta.env.PRODUCT_VERSION': JSON.stringify(manifest.version) },
    plugins: [react(), pageAddresses(), watchdogScript(), scanWorker(), withoutUncalled(), compressedCopies()],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      // The content security policy does not allow data: URLs.
      assetsInlineLimit: 0,
      // Browsers without it load the same scripts a little later.
      modulePreload: { polyfill: false },
      target,
      // The wall is a single bundle, because a chunk that is loaded later may be unavailable with the server just when
      // it is needed.
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        input: pages,
        // Without it, a page would count as loading all that a package of components exports.
        experimental: { lazyBarrel: true },
        output: { codeSplitting: { groups: scriptGroups() } },
      },
    },
    server: {
      host: '127.0.0.1',
      proxy: {
        '/api': server,
        '/readyz': server,
        '/docs': server,
        '/socket.io': { target: server, ws: true },
      },
    },
  }
})

function page(name: string): string {
  return join(import.meta.dirname, 'client', name)
}

/**
 * Modules that are loaded together form one script. By itself, the bundler makes one for every set of parts that share a
 * module, and the desk has fifty parts, so that a page would need up to 84 requests.
 */
function scriptGroups(): Rolldown.CodeSplittingGroup[] {
  const pagesOf = new Map<string, string[]>()
  const initial = new Set<string>()
  const follow = (name: string, first: string, context: Rolldown.ChunkingContext): void => {
    const seen = new Set([first])
    for (const id of seen) {
      pagesOf.set(id, [...(pagesOf.get(id) ?? []), name])
      for (const imported of context.getModuleInfo(id)?.importedIds ?? []) seen.add(imported)
    }
  }
  /**
   * Named after the pages that load a module at their start. If the desk loads it only later, it is left to the bundler:
   * the script could bring the styles of another page with it. A page that imports its icons from the package, and not
   * one by one, would count as loading the icons of all pages.
   */
  const atStart: Rolldown.CodeSplittingNameFunction = (id, context) => {
    if (pagesOf.size === 0) for (const [name, first] of Object.entries(pages)) follow(name, first, context)
    initial.add(id)
    const names = pagesOf.get(id) ?? []
    return names.includes('desk') ? names.join('-') : null
  }
  const textFiles = /\/locales\/[^/]+\/[^/]+\.json$/
  return [
    { name: textsOf, debugName: 'texts', test: textFiles, priority: 2 },
    // Small modules of all pages.
    { name: 'format', test: /\/format\/(clock-time|duration|limit-pair|quantity|shorten)\.ts$/, priority: 2 },
    { name: atStart, debugName: 'start', tags: ['$initial'], priority: 1, includeDependenciesRecursively: false },
    {
      // What many pages of the desk need later. With a lower number, pages would load more that they do not use.
      name: (id) => (initial.has(id) ? null : 'components'),
      debugName: 'components',
      minShareCount: 8,
      includeDependenciesRecursively: false,
    },
  ]
}

/** One chunk of texts per language and page; texts shared by all pages are in a separate one. */
function textsOf(id: string): string {
  const [, tag, file = ''] = /\/locales\/([^/]+)\/([^/]+)\.json$/.exec(id) ?? []
  const isShared = file === 'common' || file === 'errors'
  const isOfOwnPage = ['wall', 'fallback', 'start', 'scan'].includes(file)
  const part = isShared ? 'shared' : isOfOwnPage ? file : 'desk'
  return `texts-${part}-${tag}`
}

/** The server maps page addresses to files; this does the same for the development server. */
function pageAddresses(): Plugin {
  const ownPages = new Map([
    ['/', '/index.html'],
    ['/wall', '/wall.html'],
    ['/scan', '/scan.html'],
  ])
  return {
    name: 'page-addresses',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        const [path = ''] = (request.url ?? '').split('?', 1)
        const isFile = /\.html$|^\/(@|src\/|node_modules\/)/.test(path)
        const deskPage = !isFile && isDeskPage(path, request.headers.accept) ? '/desk.html' : path
        request.url = (request.url ?? '').replace(path, ownPages.get(path) ?? deskPage)
        next()
      })
    },
  }
}

/** Builds the watchdog of the wall separately: it must not share a file with what it monitors. */
function watchdogScript(): Plugin {
  return {
    name: 'watchdog-script',
    apply: 'build',
    async buildStart() {
      const input = page('src/watchdog/watchdog.ts')
      const rolldownOptions = { input, output: { format: 'iife' } } as const
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        build: { write: false, target, rolldownOptions },
      })
      const [chunk] = (built as Rolldown.RolldownOutput).output
      this.emitFile({ type: 'asset', name: 'watchdog.js', source: chunk.code })
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, { path, bundle = {} }) {
        const script = Object.keys(bundle).find((name) => name.includes('watchdog'))
        if (!path.endsWith('wall.html') || script === undefined) return []
        return [{ tag: 'script', attrs: { src: `/${script}`, defer: true }, injectTo: 'head' }]
      },
    },
  }
}

/**
 * The service worker of the page for phones. Its name is the same in all builds, because browsers compare it byte by
 * byte; it lists the files of its build.
 */
function scanWorker(): Plugin {
  return {
    name: 'scan-worker',
    apply: 'build',
    async generateBundle(_options, bundle) {
      const found = new Set<string>()
      const load = (name: string): void => {
        const file = bundle[name]
        if (file?.type !== 'chunk' || found.has(name)) return
        found.add(name)
        const { importedCss = [], importedAssets = [] } = file.viteMetadata ?? {}
        for (const asset of [...importedCss, ...importedAssets]) found.add(asset)
        for (const imported of [...file.imports, ...file.dynamicImports]) load(imported)
      }
      for (const file of Object.values(bundle))
        if (file.type === 'chunk' && file.isEntry && file.name === 'scan') load(file.fileName)
      const files = [...found].toSorted().map((name) => `/${name}`)
      const plain = ['engine-check.js', 'theme.js', 'scan.webmanifest', 'scan-icon-192.png']
      const kept = [...files, ...plain.map((name) => `/${name}`)]
      // All other file names change with their content.
      const contents = [page('scan.html'), ...plain.map((name) => page(`public/${name}`))].map((path) =>
        readFileSync(path, 'base64'),
      )
      const name = hash('sha256', [...kept, ...contents].join(' '), 'hex').slice(0, 16)
      const built = await build({
        configFile: false,
        logLevel: 'warn',
        define: {
          scanFiles: JSON.stringify(kept),
          scanBuild: JSON.stringify(name),
        },
        build: {
          write: false,
          target,
          copyPublicDir: false,
          rolldownOptions: { input: page('src/scan/service-worker.ts'), output: { format: 'iife' } },
        },
      })
      const [chunk] = (built as Rolldown.RolldownOutput).output
      this.emitFile({ type: 'asset', fileName: 'scan-worker.js', source: chunk.code })
    },
  }
}

/**
 * Writes Brotli and gzip copies of text files from 2 kB, which the server sends unchanged: compressing the files of a
 * page takes a third of a second, and after an update a hall of screens would request them at once.
 */
function compressedCopies(): Plugin {
  const brotli = (content: Buffer) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  return {
    name: 'compressed-copies',
    apply: 'build',
    async writeBundle({ dir = '' }, bundle) {
      const texts = Object.keys(bundle).filter((name) => /\.(?:css|html|js|svg|webmanifest)$/.test(name))
      await Promise.all(
        texts.map(async (name) => {
          const path = join(dir, name)
          const content = await readFile(path)
          if (content.length < 2_048) return
          await writeFile(`${path}.br`, await brotli(content))
          await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: 9 }))
        }),
      )
    },
  }
}

/** Modules that libraries import but no page calls, which the bundler cannot detect. */
const uncalled = [
  // The server generates JSON schemas for its API; pages only parse.
  /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/,
  // Charts are static; they use no decals, no polar, time or log axes, no aligned ticks, no transforms, no options of
  // older versions, and their own colours.
  /[\\/]echarts[\\/]lib[\\/]coord[\\/]axisAlignTicks\.js$/,
  /[\\/]echarts[\\/]lib[\\/]theme[\\/]dark\.js$/,
  /[\\/]echarts[\\/]lib[\\/]label[\\/]sectorLabel\.js$/,
  /[\\/]zrender[\\/]lib[\\/]svg[\\/]cssAnimation\.js$/,
  /[\\/]zrender[\\/]lib[\\/]graphic[\\/]helper[\\/]roundSector\.js$/,
  /[\\/]echarts[\\/]lib[\\/]util[\\/]decal\.js$/,
  /[\\/]echarts[\\/]lib[\\/]scale[\\/](?:Time|Log)\.js$/,
  /[\\/]echarts[\\/]lib[\\/]data[\\/]helper[\\/]transform\.js$/,
  /[\\/]echarts[\\/]lib[\\/]chart[\\/]line[\\/]lineAnimationDiff\.js$/,
  /[\\/]echarts[\\/]lib[\\/]legacy[\\/]dataSelectAction\.js$/,
  /[\\/]echarts[\\/]lib[\\/]preprocessor[\\/]backwardCompat\.js$/,
]

/** Replaces the exports of these modules with empty functions: the wall is a single bundle of limited size. */
function withoutUncalled(): Plugin {
  return {
    name: 'without-uncalled',
    apply: 'build',
    transform(code, id) {
      if (!uncalled.some((path) => path.test(id))) return undefined
      const names = Array.from(code.matchAll(/^export (?:const|var|function) (\w+)/gm), ([, name]) => `const ${name} =`)
      if (/^export default /m.test(code)) names.push('default')
      if (names.length === 0) throw new Error(`${id} exports nothing that could be left out`)
      return names.map((name) => `export ${name} () => undefined`).join('\n')
    },
  }
}
