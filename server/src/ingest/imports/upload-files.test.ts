import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { beforeEach, expect, test } from 'vitest'
import { UploadFiles } from './upload-files.ts'

const id = 'aaaaaaaaaaaaaaaaaaaaaa'
const bytes = Buffer.from('order,stage,time\n1,pick,2026-01-02\n')
let directory: string

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'stagewatch-uploads-'))
})

const chunk = (from: number, to?: number) => Readable.from([bytes.subarray(from, to)])
const end = bytes.length

test('server instances that share a folder go on with one file, and know its hash', async () => {
  const [one, two] = [new UploadFiles(directory), new UploadFiles(directory)]
  await one.create(id, end)
  expect(await one.append(id, chunk(0, 10), { offset: 0, end })).toBe(10)
  expect(await two.append(id, chunk(10, 20), { offset: 10, end })).toBe(20)
  expect(await one.append(id, chunk(20), { offset: 20, end })).toBe(end)
  expect(readFileSync(one.pathOf(id))).toEqual(bytes)
  const hash = createHash('sha256').update(bytes).digest('hex')
  expect([await one.hash(id, end), await two.hash(id, end)]).toEqual([hash, hash])
})

test('a chunk that is cut keeps what came, and the hash counts each byte once', async () => {
  const files = new UploadFiles(directory)
  await files.create(id, end)
  async function* cut() {
    yield bytes.subarray(0, 7)
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' })
  }
  await expect(files.append(id, Readable.from(cut()), { offset: 0, end })).rejects.toMatchObject({
    code: 'bad_request',
  })
  expect(await files.size(id)).toBe(7)
  await files.append(id, chunk(7), { offset: 7, end })
  expect(await files.hash(id, end)).toBe(createHash('sha256').update(bytes).digest('hex'))
})

test('of two chunks at once the second is refused, and one that begins elsewhere too', async () => {
  const files = new UploadFiles(directory)
  await files.create(id, end)
  const released = Promise.withResolvers<Buffer>()
  async function* slow() {
    yield await released.promise
  }
  const first = files.append(id, Readable.from(slow()), { offset: 0, end })
  await expect(files.append(id, chunk(0), { offset: 0, end })).rejects.toMatchObject({ code: 'conflict' })
  released.resolve(bytes.subarray(0, 5))
  expect(await first).toBe(5)
  await expect(files.append(id, chunk(0), { offset: 0, end })).rejects.toMatchObject({ code: 'conflict' })
  await expect(files.append(id, chunk(0), { offset: 5, end })).rejects.toMatchObject({ code: 'too_large' })
})

test('a file for which the disk has no room is refused before any of it is sent', async () => {
  const files = new UploadFiles(directory)
  await expect(files.create(id, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({ code: 'disk_full' })
  expect(readdirSync(directory)).toEqual([])
})

test('what nobody knows any more is deleted, and nothing else in the folder', async () => {
  const files = new UploadFiles(directory)
  const other = 'bbbbbbbbbbbbbbbbbbbbbb'
  await files.create(id, 1)
  await files.create(other, 1)
  mkdirSync(join(directory, other))
  await files.deleteOthers(new Set([id]))
  expect([await files.size(id), await files.size(other)]).toEqual([0, undefined])
  expect(readdirSync(directory).toSorted()).toEqual([other, `upload-${id}`])
})

test('the folder of uploads is made with the first one, and only the server may look into it', async () => {
  const files = new UploadFiles(join(directory, 'data', 'uploads'))
  await files.create(id, end)
  expect(await files.size(id)).toBe(0)
  expect(statSync(files.pathOf(id)).mode & 0o777).toBe(0o600)
  expect(statSync(join(files.pathOf(id), '..')).mode & 0o777).toBe(0o700)
})

test.each([
  ['ECONNRESET', 'bad_request'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'bad_request'],
  ['ENOSPC', 'disk_full'],
  ['EDQUOT', 'disk_full'],
  ['EIO', 'EIO'],
])('a chunk that fails with %s is refused with %s', async (code, refusal) => {
  const files = new UploadFiles(directory)
  await files.create(id, end)
  async function* failing(): AsyncGenerator<Buffer> {
    yield bytes.subarray(0, 3)
    throw Object.assign(new Error('failed'), { code })
  }
  await expect(files.append(id, Readable.from(failing()), { offset: 0, end })).rejects.toMatchObject({ code: refusal })
  // The next chunk is not refused because of this one.
  expect(await files.append(id, chunk(3), { offset: 3, end })).toBe(end)
})

test('a chunk goes up to the end of the file, or is as large as a chunk may be', async () => {
  const files = new UploadFiles(directory)
  await files.create(id, end)
  const more = Readable.from([bytes, Buffer.from('x')])
  await expect(files.append(id, more, { offset: 0, end })).rejects.toMatchObject({
    code: 'too_large',
    details: [expect.objectContaining({ field: 'body', limit: end })],
  })
  const elsewhere = files.append(id, chunk(0), { offset: 3, end })
  await expect(elsewhere).rejects.toMatchObject({ details: [expect.objectContaining({ limit: end })] })
  const other = 'bbbbbbbbbbbbbbbbbbbbbb'
  const full = Buffer.alloc(8 * 1024 * 1024)
  await files.create(other, 2 * full.length)
  const whole = { offset: 0, end: 2 * full.length }
  await expect(files.append(other, Readable.from([full, Buffer.from('x')]), whole)).rejects.toMatchObject({
    code: 'too_large',
  })
  const rest = { ...whole, offset: full.length }
  expect(await files.append(other, Readable.from([full]), rest)).toBe(2 * full.length)
})

test('the hash of a file is that of its bytes, also when it is asked for twice or after another one', async () => {
  const files = new UploadFiles(directory)
  await files.create(id, end)
  await files.append(id, chunk(0), { offset: 0, end })
  const hash = createHash('sha256').update(bytes).digest('hex')
  expect([await files.hash(id, end), await files.hash(id, end)]).toEqual([hash, hash])
})
