import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build, defineConfig, type Plugin, type Rolldown } from 'vite'
import { deskPaths } from './shared/src/contract/desk-paths.ts'

const server = process.env['STAGEWATCH_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: 'client',
  plugins: [react(), pageAddresses(), watchdogScript()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    // The wall comes in one piece: what is fetched later may be gone with the server just when it is needed.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: {
      input: {
        start: page('index.html'),
        wall: page('wall.html'),
        desk: page('desk.html'),
        fallback: page('fallback.html'),
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
})

function page(name: string): string {
  return join(import.meta.dirname, 'client', name)
}

/** The server knows the pages by their addresses; so does the development server. */
function pageAddresses(): Plugin {
  const pages = new Map<string, string>([
    ['/wall', '/wall.html'],
    ...deskPaths.map((path) => [path, '/desk.html'] as const),
  ])
  return {
    name: 'page-addresses',
    configureServer({ middlewares }) {
      middlewares.use((request, _response, next) => {
        request.url = request.url?.replace(/^[^?#]+/, (path) => pages.get(path) ?? path)
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
      const built = await build({ configFile: false, logLevel: 'warn', build: { write: false, rolldownOptions } })
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
