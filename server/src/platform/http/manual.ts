import { hash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import { namedFileCaching } from './http-app.ts'
import type { TypedApp } from './typed-app.ts'

/** Folder of the built user documentation: part of the npm package, and the output of `pnpm docs:manual` in a clone. */
const manualFolder = fileURLToPath(new URL('../../../../dist/manual', import.meta.url))

/** Whether this installation has the documentation at hand. */
export function hasManual(folder = manualFolder): boolean {
  return existsSync(join(folder, 'index.html'))
}

/** Serves the user documentation below `/manual/`, which needs no sign-in: it is the same for every installation. */
export async function registerManual(http: TypedApp, folder = manualFolder): Promise<void> {
  if (!hasManual(folder)) return
  const scripts = inlineScripts(readFileSync(join(folder, 'index.html'), 'utf8'))
  const allowed = scripts.map((script) => ` 'sha256-${hash('sha256', script, 'base64')}'`).join('')
  http.get('/manual', { schema: { hide: true } }, (_request, reply) => reply.redirect('/manual/'))
  await http.register(staticFiles, {
    root: folder,
    prefix: '/manual/',
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      void reply.header('cache-control', path.includes('/assets/') ? namedFileCaching : 'no-cache')
      const policy = String(reply.getHeader('content-security-policy') ?? '')
      void reply.header('content-security-policy', policy.replace("script-src 'self'", `$&${allowed}`))
    },
  })
}

/** The scripts in the pages themselves, the same in all of them: they choose between light and dark before painting. */
function inlineScripts(page: string): string[] {
  return [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([^]*?)<\/script>/g)].map(([, script = '']) => script)
}
