import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { get } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

/** The raw bytes on the wire, without decompression. */
async function ask(path: string, encodings: string) {
  const request = get(`${server.url}${path}`, { headers: { 'accept-encoding': encodings } })
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return { headers: response.headers, body: await buffer(response) }
}

it.each([
  ['gzip, deflate, br', 'br', brotliDecompressSync],
  ['gzip, deflate', 'gzip', gunzipSync],
  ['identity', undefined, (body: Buffer) => body],
] as const)(
  'a browser that takes %s gets what the build has left of a page for it',
  async (taken, sent, decompress) => {
    const page = String((await ask('/wall', 'identity')).body)
    const [script = ''] = /\/assets\/wall-[\w-]+\.js/.exec(page) ?? []
    const { headers, body } = await ask(script, taken)
    expect(headers).toMatchObject({ 'content-type': 'application/javascript; charset=utf-8', vary: 'accept-encoding' })
    expect(headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' })
    expect(headers['content-encoding']).toBe(sent)
    // A response that is compressed on the fly has no content length.
    expect(headers['content-length']).toBe(String(body.length))
    expect(decompress(body)).toEqual(await readFile(new URL(`../../../client/dist${script}`, import.meta.url)))
  },
)
