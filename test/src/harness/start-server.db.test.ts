import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runNode } from './node-process.ts'
import { spawnServer } from './spawn-server.ts'
import { startServer } from './start-server.ts'

const command = 'server/src/cli/stagewatch.ts'

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

  it.each(['sources', 'build'] as const)('run by themselves, from the %s, with commands', async (from) => {
    const server = await spawnServer({ from })
    try {
      expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
      const log = join(server.dataDirectory, 'log.csv')
      await writeFile(log, 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n')
      const place = { DATA_DIR: server.dataDirectory }
      const imported = await runNode(command, ['import', log, '--discover', '--json'], place, from)
      expect(JSON.parse(imported.stdout)).toMatchObject({ accepted: 1 })
      expect(await server.kill('SIGTERM')).toMatchObject({ code: 0 })
      // Without the server, the command opens the database itself.
      expect(await runNode(command, ['doctor', '--json'], place, from)).toMatchObject({ code: 0, stderr: '' })
    } finally {
      await server.close()
    }
  })
})
