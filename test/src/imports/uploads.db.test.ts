import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fileOptionsOf } from '@stagewatch/server/ingest/imports/file-options.ts'
import { importSurveyed } from '@stagewatch/server/ingest/imports/import-surveyed.ts'
import { surveyFile } from '@stagewatch/server/ingest/imports/survey-file.ts'
import { intakeSender } from '@stagewatch/server/ingest/imports/event-sender.ts'
import { insertImport } from '@stagewatch/server/ingest/batches/imports-table.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { changeList } from '@stagewatch/shared/contract/changes.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { importMapping } from '@stagewatch/shared/contract/import-mapping.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { caseFile, skipWithoutCases } from '../harness/case-folder.ts'
import { eventually } from '../harness/eventually.ts'
import { logFile } from '../harness/log-folder.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer } from '../harness/start-server.ts'
import type { StartedServer } from '../harness/start-server.ts'
import { expectProblem } from '../http/expect-problem.ts'
import type { Reply } from '../http/call.ts'
import { openScreen } from '../live/screen.ts'
import type { AskedOrder } from './upload-client.ts'
import { UploadClient } from './upload-client.ts'

let server: StartedServer

beforeAll(async () => {
  server = await startServer({ variables: { UPLOAD_MAX_BYTES: '20000000' } })
})
afterAll(() => server.close())

/** A client that may import into a site of its own. */
async function clientOf(site: string): Promise<UploadClient> {
  return new UploadClient(server.url, await server.createKey(['admin', 'read'], site))
}

const isPostgres = process.env['TEST_DATABASE_URL'] !== undefined
const header = 'order_id,stage,timestamp,customer'

function rowsOf(orders: number): Buffer {
  const rows = Array.from({ length: orders }, (_, i) => {
    const day = `2026-01-${String((i % 28) + 1).padStart(2, '0')}`
    return `SO-${i},pick,${day}T08:00:00Z,Acme\nSO-${i},pack,${day}T09:30:00Z,Acme`
  })
  return Buffer.from([header, ...rows, ''].join('\n'))
}

async function statsOf(client: UploadClient) {
  const { stages } = stageStatsAnswer.parse((await client.ask('stages/stats')).body)
  return stages.map(({ stage, visits, orders, wip, meanMs, p90Ms }) => ({ stage, visits, orders, wip, meanMs, p90Ms }))
}

function refused(reply: Reply, status: number, code: ProblemCode, ...fields: string[]): void {
  expectProblem(reply, status, code)
  expect(reply.body).toMatchObject(fields.length === 0 ? {} : { details: fields.map((field) => ({ field })) })
}

it('takes a file in chunks, checks it, imports it, hands back what it rejected, and undoes it', async () => {
  const client = await clientOf('whole-way')
  const text = [header, 'A-1,pick,2026-01-02T08:00:00Z,Acme', 'A-1,pack,2026-01-02T09:00:00Z,Acme']
  const bytes = Buffer.from([...text, 'A-2,pick,2026-01-02T10:00:00Z,=cmd', 'A-2,pack,never,=cmd', ''].join('\n'))
  const { id } = await client.begin('shipments.csv', bytes.length)
  expect((await client.append(id, 0, bytes.subarray(0, 50))).body).toMatchObject({ receivedBytes: 50 })
  expect((await client.append(id, 10, bytes.subarray(10))).body).toMatchObject({
    code: 'conflict',
    details: [{ field: 'upload-offset', limit: 50 }],
  })
  expect((await client.ask(`uploads/${id}/check`, { body: {} })).body).toMatchObject({ code: 'conflict' })
  const hash = createHash('sha256').update(bytes).digest('hex')
  expect((await client.append(id, 50, bytes.subarray(50))).body).toMatchObject({ receivedBytes: bytes.length, hash })

  const order = { discover: true, terminal: ['pack'] }
  const { report, state } = await client.check(id, order)
  expect({ state, ...report }).toMatchObject({ state: 'done', rows: 4, accepted: 3, rejected: 1, dryRun: true })
  expect(report?.process?.stages).toMatchObject([{ code: 'pick' }, { code: 'pack', terminal: true }])
  expect(report?.preview?.rows[3]).toMatchObject({ line: 5, events: [], rejection: { code: 'invalid_time' } })
  expect(await statsOf(client)).toEqual([])

  const done = await client.import(id, order)
  expect(done).toMatchObject({ state: 'done', rows: 4, accepted: 3, rejected: 1, hasErrorsFile: true, upload: id })
  expect(done.report).toMatchObject({ accepted: 3, dryRun: false, rejections: [{ first: [{ value: 'never' }] }] })
  expect((await client.ask(`imports/${done.id}/rejected.csv`)).body).toContain("A-2,pack,never,'=cmd,5,invalid_time,")
  expect(await statsOf(client)).toMatchObject([{ stage: 'pick', visits: 1, wip: 1 }, { stage: 'pack' }])

  expect((await client.ask(`imports/${done.id}/undo`, { body: { reason: 'wrong' } })).body).toMatchObject({
    isDone: true,
  })
  expect((await statsOf(client)).map(({ visits, wip }) => visits + wip)).toEqual([0, 0])
  const changes = changeList.parse((await client.ask('admin/changes?from=1970-01-01T00:00:00Z')).body).changes
  expect(changes.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['import.started', 'process.saved', 'import.undone']),
  )
})

it('distinguishes orders that reuse a number, also across files', async () => {
  const client = await clientOf('reused')
  const rows = (...lines: string[]) => Buffer.from(['order_id,stage,timestamp', ...lines, ''].join('\n'))
  const order = { mapping: { reuseAfter: '180d', timezone: 'UTC' }, discover: true, terminal: ['delivered'] }
  const first = await client.send(
    'first.csv',
    rows('1,placed,2024-03-01', '1,delivered,2024-03-02', '1,placed,2025-03-03', '1,delivered,2025-03-04'),
  )
  await client.import(first.id, order)
  const later = await client.send('later.csv', rows('1,placed,2026-01-06', '1,placed,2025-03-03'))
  // The import does what the check predicted.
  const { mapping } = order
  const { report } = await client.check(later.id, { mapping })
  expect(report?.remarks).toContainEqual(expect.objectContaining({ code: 'renamed_orders', count: 2 }))
  expect(await client.import(later.id, { mapping })).toMatchObject({ accepted: 1, duplicate: 1, rejected: 0 })
  const { body } = await client.ask('orders?limit=10')
  const { orders } = body as { orders: { order: string }[] }
  expect(orders.map(({ order: name }) => name).toSorted()).toEqual(['1', '1#2', '1#3'])
})

it('keeps the received part of a chunk whose connection broke, and resumes from there', async () => {
  const client = await clientOf('cut')
  const key = await server.createKey(['admin'], 'cut')
  const bytes = rowsOf(20_000)
  const { id } = await new UploadClient(server.url, key).begin('cut.csv', bytes.length)
  const cut = request(`${server.url}/api/v1/uploads/${id}`, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'upload-offset': '0',
    },
  })
  cut.on('error', () => undefined)
  cut.write(bytes.subarray(0, 300_000))
  const own = new UploadClient(server.url, key)
  await eventually(async () => expect((await own.view(id)).receivedBytes).toBeGreaterThan(0))
  cut.destroy()
  const { receivedBytes } = await eventually(async () => {
    const upload = await own.view(id)
    const reply = await own.append(id, upload.receivedBytes, bytes.subarray(upload.receivedBytes))
    expect(reply.status).toBe(200)
    return upload
  })
  expect(receivedBytes).toBeGreaterThan(0)
  expect((await own.view(id)).hash).toBe(createHash('sha256').update(bytes).digest('hex'))
  refused(await client.ask(`uploads/${id}`), 404, 'not_found')
})

it('refuses invalid sizes, chunks, mappings and too many files, and stores nothing', async () => {
  const client = await clientOf('limits')
  const begin = (body: unknown) => client.ask('uploads', { body })
  refused(await begin({ file: 'a.csv', bytes: 20_000_001 }), 413, 'too_large', 'bytes')
  refused(await begin({ file: 'a.csv', bytes: 0 }), 400, 'invalid_field', 'bytes')
  const { id } = await client.begin('a.csv', 10)
  refused(await client.append(id, 0, Buffer.alloc(11)), 413, 'too_large', 'body')
  expect((await client.append(id, 0, Buffer.from('order,stag'))).status).toBe(200)
  const check = (body: unknown) => client.ask(`uploads/${id}/check`, { body })
  refused(await check({ mapping: { timezone: 'Mars' } }), 400, 'invalid_field', 'mapping.timezone')
  refused(await check({ mapping: { source: 'desk' } }), 400, 'invalid_field', 'mapping.source')
  refused(await check({ mapping: { columns: { ordre: 'x' } } }), 400, 'invalid_field')
  for (let i = 1; i < 20; i++) await client.begin(`${i}.csv`, 10)
  refused(await begin({ file: 'more.csv', bytes: 10 }), 413, 'too_large', 'bytes')
  expect((await client.ask(`uploads/${id}`, { method: 'DELETE' })).status).toBe(200)
  refused(await client.ask(`uploads/${id}`), 404, 'not_found')
  expect((await begin({ file: 'more.csv', bytes: 10 })).status).toBe(200)
})

it('the name of a file is shown, and leads nowhere', async () => {
  const client = await clientOf('names')
  const bytes = Buffer.from('order_id,stage,timestamp\nSO-1,pick,2026-11-03T08:00:00Z\n')
  for (const name of ['../../escaped.csv', '/tmp/escaped.csv', 'a\r\nb.csv', 'con.csv', '订单\u202E.csv', 'a.csv/']) {
    const { id } = await client.send(name, bytes)
    expect(await client.view(id)).toMatchObject({ file: name, receivedBytes: bytes.length })
    expect(await client.check(id)).toMatchObject({ state: 'done' })
    expect((await client.ask(`uploads/${id}`, { method: 'DELETE' })).status).toBe(200)
  }
  for (const id of ['..%2F..%2Fescaped.csv', '..%5Cescaped.csv'])
    refused(await client.ask(`uploads/${id}`), 400, 'invalid_field', 'id')
  refused(await client.ask('uploads', { body: { file: 'x'.repeat(301), bytes: 1 } }), 400, 'invalid_field', 'file')
  expect(existsSync(join(tmpdir(), 'escaped.csv'))).toBe(false)
})

describe('a file at several servers of one database', () => {
  const clientAt = ({ url }: StartedServer, key: string) => new UploadClient(url, key)

  it('is not found at one that does not share the folder, which says why', async () => {
    const apart = await startServer({ database: server.database })
    try {
      const key = await server.createKey(['admin'], 'apart')
      const { id } = await clientAt(server, key).begin('apart.csv', 200)
      await clientAt(server, key).append(id, 0, Buffer.alloc(100))
      const lost = await clientAt(apart, key).append(id, 100, Buffer.alloc(100))
      refused(lost, 404, 'not_found', 'id')
      const why = { reason: 'elsewhere', message: expect.stringContaining('UPLOAD_DIR') }
      expect(lost.body).toMatchObject({ details: [why] })
      expect((await clientAt(apart, key).ask(`uploads/${id}/check`, { body: {} })).body).toMatchObject({
        details: [why],
      })
      expect((await clientAt(server, key).append(id, 100, Buffer.alloc(100))).status).toBe(200)
    } finally {
      await apart.close()
    }
  })

  // The only server of an embedded database treats imports of another server as lost.
  it('resumes at any that shares the folder', skipUnless(isPostgres, 'several servers need PostgreSQL'), async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stagewatch-shared-'))
    const shared = { variables: { UPLOAD_DIR: folder }, database: server.database }
    const [first, second] = [await startServer(shared), await startServer(shared)]
    try {
      const key = await first.createKey(['admin', 'read'], 'shared')
      const [here, there] = [clientAt(first, key), clientAt(second, key)]
      const bytes = rowsOf(40)
      const { id } = await here.begin('shared.csv', bytes.length)
      expect((await here.append(id, 0, bytes.subarray(0, 100))).body).toMatchObject({ receivedBytes: 100 })
      expect((await there.append(id, 100, bytes.subarray(100))).body).toMatchObject({ receivedBytes: bytes.length })
      const order = { discover: true, terminal: ['pack'] }
      expect(await here.check(id, order)).toMatchObject({ state: 'done', report: { accepted: 80 } })
      expect(await there.import(id, order)).toMatchObject({ state: 'done', accepted: 80, rejected: 0 })
    } finally {
      await Promise.all([first.close(), second.close()])
      await rm(folder, { recursive: true, force: true })
    }
  })
})

it('reports why a file cannot be read, with its columns if there are any', async () => {
  const client = await clientOf('unreadable')
  const checked = async (file: string, bytes: Buffer, order?: AskedOrder) =>
    client.check((await client.send(file, bytes)).id, order)
  expect(await checked('page.xls', Buffer.from('<html><table><tr><td>order</td></tr></table></html>'))).toMatchObject({
    state: 'failed',
    problem: { code: 'unsupported_media_type', message: expect.stringContaining('HTML'), file: { code: 'web_page' } },
  })
  expect(await checked('a.csv', Buffer.from('Kennung;Schritt;Zeit\n1;a;2026-01-02\n'))).toMatchObject({
    state: 'failed',
    problem: {
      code: 'missing_field',
      file: {
        code: 'missing_columns',
        params: { columns: 'order,stage,time', headers: expect.stringContaining('Schritt') },
      },
    },
    table: { header: ['Kennung', 'Schritt', 'Zeit'], rows: [{ line: 2, cells: ['1', 'a', '2026-01-02'] }] },
  })
  const cut = gzipSync(rowsOf(5_000)).subarray(0, -2_000)
  const broken = await client.import((await client.send('cut.csv.gz', cut)).id)
  expect(broken).toMatchObject({
    state: 'brokenOff',
    brokenOff: expect.stringMatching(/broken|end|cut/i),
    brokenOffCause: { code: 'cut_off' },
  })
  expect(broken.rows).toBe(broken.accepted)
})

it('asks what to do with an earlier import of the same file, and replaces it', async () => {
  const client = await clientOf('again')
  const text = Buffer.from(`${header}\nA,pick,2026-01-02 08:00,\nA,pack,2026-01-02 09:00,\nB,pack,never,\n`)
  const { id } = await client.send('again.csv', text)
  const shanghai = { mapping: { timezone: 'Asia/Shanghai' } }
  const first = await client.import(id, shanghai)
  expect((await client.import(id, shanghai)).accepted).toBe(0)
  const berlin = { mapping: { timezone: 'Europe/Berlin' } }
  const asked = await client.ask(`uploads/${id}/import`, { body: berlin })
  refused(asked, 409, 'conflict', 'repeated')
  expect(asked.body).toMatchObject({
    conflict: { current: [{ id: first.id }], yours: { timezone: 'Europe/Berlin' } },
  })
  const second = await client.import(id, { ...berlin, repeated: 'replace' })
  expect(second).toMatchObject({ state: 'done', accepted: 2 })
  expect((await client.ended(first.id)).state).toBe('undone')
  expect(await statsOf(client)).toMatchObject([
    { stage: 'pick', visits: 1 },
    { stage: 'pack', wip: 1 },
  ])
})

it('stops on request, and resumes with the same figures', async () => {
  const client = await clientOf('stopped')
  const { id } = await client.send('large.csv', rowsOf(8_000))
  const begun = await client.begun(id)
  expect((await client.ask(`imports/${begun}/stop`, { method: 'POST', body: {} })).status).toBe(200)
  const stopped = await client.ended(begun)
  expect(stopped).toMatchObject({ state: 'brokenOff', brokenOff: 'stopped', brokenOffCause: { code: 'stopped' } })
  const whole = await client.import(id)
  expect(whole).toMatchObject({ state: 'done', rows: 16_000, rejected: 0 })
  expect(whole.duplicate).toBe(stopped.accepted)
  expect(await statsOf(client)).toMatchObject([
    { stage: 'pick', visits: 8_000, meanMs: 5_400_000 },
    { stage: 'pack', wip: 8_000 },
  ])
  refused(await client.ask(`uploads/${id}`), 404, 'not_found')
})

it('streams its progress to an open page until it is done', async () => {
  const key = await server.createKey(['admin', 'read'], 'watched')
  const client = new UploadClient(server.url, key)
  const { id } = await client.send('watched.csv', rowsOf(4_000))
  const told: unknown[] = []
  const page = await openScreen(server.url, { token: key, record: (event, message) => told.push([event, message]) })
  const watch = (question: object) => page.timeout(10_000).emitWithAck('query:watch', question as never)
  expect(await watch({ kind: 'upload', id })).toMatchObject({ ok: true, snapshot: { tree: { id } } })
  const other = await openScreen(server.url, { token: await server.createKey(['admin', 'read'], 'limits') })
  expect(await other.timeout(10_000).emitWithAck('query:watch', { kind: 'upload', id } as never)).toEqual({
    ok: false,
    code: 'not_found',
  })
  other.close()
  await client.check(id)
  await eventually(() => expect(JSON.stringify(told)).toContain('"accepted":8000'))
  const begun = await client.begun(id)
  expect(await watch({ kind: 'import', id: String(begun) })).toMatchObject({ ok: true })
  await eventually(() => expect(JSON.stringify(told)).toMatch(/"done"/))
  page.close()
})

const nobody = { openProgress: () => ({ update: () => {}, close: () => {} }), stopped: new AbortController().signal }

/** The report of the command for the file, with a server in its own OS process. */
async function commandReport(
  site: string,
  path: string,
  { mapping = {}, discover = false, terminal = [] }: AskedOrder,
) {
  const pipeline = await server.server.sites.getOrCreate(site)
  const surveyed = await surveyFile(fileOptionsOf(path, mapping), nobody)
  const begun = { file: 'x', hash: '0'.repeat(64), options: {} }
  const id = await insertImport(server.database, site, begun, 'operator', Date.now())
  const target = {
    known: undefined,
    sender: intakeSender(pipeline, id, { name: 'operator', mayVoid: true }, Date.now),
    saveProcess: async ({ process }: { process: Parameters<typeof pipeline.saveProcess>[0] }) =>
      pipeline.saveProcess(process, { kind: 'operator', name: 'operator' }, undefined, '*'),
  }
  const options = { dryRun: false, discover, terminal: new Set(terminal), errorsPath: undefined }
  try {
    return await importSurveyed(surveyed, options, target, nobody, Date.now())
  } finally {
    await surveyed.file.close()
  }
}

async function sameAsCommand(name: string, path: string, order: AskedOrder): Promise<void> {
  const mapping = importMapping.parse(order.mapping ?? {})
  const client = await clientOf(`page-${name}`)
  const { report } = await client.import((await client.sendFile(path)).id, order)
  const told = await commandReport(`command-${name}`, path, { ...order, mapping })
  const plain = (one: unknown) => JSON.parse(JSON.stringify({ ...(one as object), elapsedMs: 0 })) as unknown
  expect(plain(report)).toEqual(plain(told))
  expect(await statsOf(client)).toEqual(await statsOf(await clientOf(`command-${name}`)))
}

describe('a file that is sent', () => {
  const logs = skipUnless(existsSync(logFile('receipt')), 'the real logs (STAGEWATCH_LOGS)')
  it('gives the figures of the command, from a real log', logs, async () => {
    const order = { discover: true, terminal: [], mapping: { timezone: 'UTC', as: 'completed' } } as const
    await sameAsCommand('receipt', logFile('receipt'), order)
  })

  it.for([
    ['late-gbk', 'late.csv', 'Asia/Shanghai'],
    ['dst-fold', 'fold.csv', 'Europe/Berlin'],
    ['wrong-kind', 'a.xes.gz', 'UTC'],
  ] as const)(
    'gives the figures of the command, from the case %s',
    skipWithoutCases(),
    async ([name, file, timezone]) => {
      await sameAsCommand(name, caseFile(name, file), { discover: true, mapping: { timezone } })
    },
  )
})
