import { hash } from 'node:crypto'
import apiReference from '@scalar/fastify-api-reference'
import type { TypedApp } from '../platform/http/typed-app.ts'

const inlineScript = /<script[^>]*>([^<]+)<\/script>/g

/** The API reference for people, generated from its OpenAPI document. It loads nothing from other servers. */
export async function docsRoutes(app: TypedApp): Promise<void> {
  app.get('/api/openapi.json', { config: { access: 'everyone' }, schema: { hide: true } }, () => app.swagger())
  await app.register(async (docs) => {
    // The page starts with an inline script, which is the only one that may run.
    docs.addHook('onSend', async (_request, reply, page) => {
      if (typeof page !== 'string' || !page.startsWith('<!doctype html>')) return page
      const allowed = page
        .matchAll(inlineScript)
        .map(([, script = '']) => `'sha256-${hash('sha256', script, 'base64')}'`)
      const policy = String(reply.getHeader('content-security-policy'))
      void reply.header(
        'content-security-policy',
        policy.replace("script-src 'self'", `script-src 'self' ${[...allowed].join(' ')}`),
      )
      return page
    })
    await docs.register(apiReference, {
      routePrefix: '/docs',
      configuration: {
        url: '/api/openapi.json',
        pageTitle: 'Stagewatch API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
        showDeveloperTools: 'never',
        agent: { disabled: true },
        mcp: { disabled: true },
      },
    })
  })
}
