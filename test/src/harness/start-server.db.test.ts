import { describe, expect, it } from 'vitest'
import { spawnServer } from './spawn-server.ts'
import { startServer } from './start-server.ts'

describe('servers of tests', () => {
  it('start in this process with a key', async () => {
    const server = await startServer()
    try {
      const headers = { authorization: `Bearer ${await server.createKey(['read'], 'plant')}` }
      const reply = await fetch(`${server.url}/api/v1/board`, { headers })
      expect(reply.status).toBe(200)
      expect(await reply.json()).toMatchObject({ site: { code: 'plant' } })
    } finally {
      await server.close()
    }
  })

  it('start in a process of their own and end when they are asked to', async () => {
    const server = await spawnServer()
    try {
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 })
    } finally {
      await server.close()
    }
  })
})
