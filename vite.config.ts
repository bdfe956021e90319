import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin, type Rolldown } from 'vite'
import { oldestChromium } from './client/src/engine/oldest-engine.ts'
import { isDeskPage } from './shared/src/contract/desk-path.ts'

/** The stylesheets are lowered to the same. */
const target = `chrome${oldestChromium}`
const server = process.env['STAGEWATCH_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig(({ command }) => {
  // Vite keeps what the surroundings say, and the test runner says `test`: React would be built for development.
  if (command === 'build') process.env['NODE_ENV'] = 'production'
  return {
    root: 'client',
    plugins: [react(), pageAddresses(), watchdogScript(), scanWorker(), withoutUncalled()],
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      // The content security policy allows no data: addresses.
      assetsInlineLimit: 0,
      target,
      // The wall comes in one piece: what is fetched later may be gone with the server just when it is needed.
      chunkSizeWarningLimit: 1_000,
      rolldownOptions: {
        input: {
          start: page('index.html'),
          wall: page('wall.html'),
          desk: page('desk.html'),
          fallback: page('fallback.html'),
          scan: page('scan.html'),
        },
        output: {
          codeSplitting: { groups: [{ name: textsOf, debugName: 'texts', test: /\/locales\/[^/]+\/[^/]+\.json$/ }] },
        },
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

/** One file of texts for each language and page; what all pages show is in a file of its own. */
function textsOf(id: string): string {
  const [, tag, file = ''] = /\/locales\/([^/]+)\/([^/]+)\.json$/.exec(id) ?? []
  const isShared = file === 'common' || file === 'errors'
  const part = isShared ? 'shared' : file === 'wall' || file === 'start' || file === 'scan' ? file : 'desk'
  return `texts-${part}-${tag}`
}

/** The server knows the pages by their addresses; so does the development server. */
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

/** The watchdog of the wall is built by itself: it may share no file with what it watches. */
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
 * The service worker of the page for phones, under one name for all builds: browsers compare it byte by byte, and it names
 * the files of its build.
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
      // The names of the others change with their content.
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

/** Modules that libraries import although no page calls them, which a bundler cannot know. */
const uncalled = [
  // The server describes its API by schemas of schemas; a page only parses.
  /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/,
  // Charts stand still; they have no decals, no polar, time or log axes, none that align their ticks, no transforms, no
  // options of older versions, and colours of their own.
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

/** Leaves the names of these modules and nothing behind them: the wall is loaded in one piece, of limited size. */
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
