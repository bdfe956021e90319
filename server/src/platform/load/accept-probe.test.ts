import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AcceptProbe } from './accept-probe.ts'

let server: Server
let probe: AcceptProbe

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1')
  probe = new AcceptProbe(server)
  await once(server, 'listening')
})
afterEach(() => {
  probe.close()
  server.close()
})

/** Connections that the server has accepted and not closed. */
function connectionCount(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
  })
}

function keepBusy(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until;);
}

describe('the probe of new connections', () => {
  it('tells how long the last one waited, or the present one has been waiting, and leaves none open', async () => {
    expect(probe.look(performance.now())).toBe(0)
    const accepted = once(server, 'connection')
    keepBusy(300)
    expect(probe.look(performance.now())).toBeGreaterThanOrEqual(300)
    await accepted
    // The next probe begins, and until it ends the last one counts.
    expect(probe.look(performance.now())).toBeGreaterThanOrEqual(300)
    await vi.waitFor(() => {
      expect(probe.look(performance.now())).toBeLessThan(300)
    })
    probe.close()
    await vi.waitFor(async () => expect(await connectionCount()).toBe(0))
  })

  it('leaves other connections alone', async () => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
    await once(server, 'connection')
    probe.look(performance.now())
    await once(server, 'connection')
    expect(await connectionCount()).toBeGreaterThanOrEqual(1)
    expect(client.destroyed).toBe(false)
    client.destroy()
  })

  it('measures nothing, and fails at nothing, while the server does not listen', async () => {
    server.close()
    await once(server, 'close')
    expect(probe.look(performance.now())).toBe(0)
    expect(probe.look(performance.now() + 1_000)).toBe(0)
  })
})
