import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the range of ephemeral ports: nothing else takes one of these while its server is down. */
const range = { from: 20_000, count: 10_000 }
const maxAttempts = 100

/** A port that was free a moment ago, for a server that must come back on the same one. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const port = range.from + Math.floor(Math.random() * range.count)
    if (await isFree(port)) return port
  }
  throw new Error(`no port between ${range.from} and ${range.from + range.count} is free`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
