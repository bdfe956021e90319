import { join } from 'node:path'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { deskPaths } from './shared/src/contract/desk-paths.ts'

const server = process.env['STAGEWATCH_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  root: 'client',
  plugins: [react(), pageAddresses()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
    // The wall comes in one piece: what is fetched later may be gone with the server just when it is needed.
    chunkSizeWarningLimit: 1_000,
    rolldownOptions: { input: { start: page('index.html'), wall: page('wall.html'), desk: page('desk.html') } },
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
