import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEmptyDatabase } from '@stagewatch/db/test-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { plainStage } from '@stagewatch/shared/domain/process-definition.ts'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { emptyPlaces } from './backup/empty-places.ts'
import { sendEvents } from './harness/send-events.ts'
import { isNight, skipUnless } from './harness/skip.ts'
import { spawnServer } from './harness/spawn-server.ts'
import type { SpawnedServer } from './harness/spawn-server.ts'
import { call } from './http/call.ts'

/**
 * Every command in the documents, in an order in which each finds what it is about, for example a file that an earlier
 * one has written. They run as they stand there, but for names of files and of this installation, see `standIns`.
 */
const commands = [
  'import events.csv --discover --dry-run',
  'import events.csv --discover --terminal shipped --dry-run',
  'import events.csv --discover --terminal shipped',
  'import events.csv --discover',
  'import list',
  "import undo 1 --reason 'only a test'",
  "import export.csv --source erp --column order='Job no.' --column stage=Step --timezone Asia/Shanghai --discover --dry-run",
  "import export.csv --source erp --column order='Job no.' --column stage=Step --timezone Asia/Shanghai --discover --save-mapping erp",
  'import /srv/exports/today.csv --mapping erp --errors /srv/exports/rejected.csv',
  "import undo 12 --reason 'wrong time zone'",
  'key create --name erp --scope ingest',
  'key create --name ERP --scope ingest --source erp',
  'key create --name erp --scope ingest,read',
  'replay events.csv --speed 600 --shift-to-now --key $KEY',
  'calendar set office.json',
  'calendar list',
  'calendar choose office',
  'calendar choose night --department press',
  'calendar choose --none --department press',
  'calendar holidays office --china',
  'calendar holidays office 2027.ics',
  'calendar holidays office 2027.json',
  'process list',
  'process set process.json',
  'process set process.json --valid-from 2027-01-01T00:00:00+08:00',
  'process terminal delivered',
  'quarantine list',
  'quarantine retry --all --code unknown_stage',
  'quarantine dismiss 1201 1202',
  'config export config.json',
  'config diff config.json',
  "config apply config.json --reason 'Packing has six hours from now on'",
  "config apply config.json --reason 'Too early'",
  'config export rules.json',
  "config apply rules.json --reason 'Moved from the old server'",
  'user invite --email bob@example.com --role lead --departments press,paint',
  'secrets rotate',
  'archive run',
  'archive list',
  'archive restore SO-2023-0815',
  'archive restore --archive 2023-08-9f2c41aa03d7b6e5',
  'audit heads',
  'audit verify',
  'audit verify --heads ./data/audit-heads',
  'export events.ndjson.gz',
  'export november.csv --from 2026-11-01 --to 2026-12-01',
  'export visits.xes.gz --process default',
  'import events.ndjson.gz --dry-run',
  'import events.ndjson.gz',
  'site list',
  'site create west --name-en "West plant" --name-zh 西厂 --timezone Asia/Shanghai',
  'site set west --timezone Asia/Urumqi',
  'site delete west',
  'backup /backups/before-upgrade.tar.zst',
  'doctor',
] as const

/** Commands that need an empty place. */
const ofBackups = [
  'restore /backups/before-upgrade.tar.zst',
  'restore /backups/stagewatch-2026-11-27T013000Z.tar.zst',
] as const
const ofMove = 'move --to postgres://stagewatch:secret@db:5432/stagewatch'

/** The commands that blocks of the documents call, without comments. */
function documentedCommands(): string[] {
  const root = join(import.meta.dirname, '../..')
  const pages = globSync(['README.md', 'docs/**/*.md'], { cwd: root }).map((path) => path.replaceAll('\\', '/'))
  // The reference of commands is their own help, decisions tell of the past, and Chinese pages have the same commands
  // with other names of stages and columns.
  const guides = pages.filter((path) => !/docs\/(?:decisions\/|reference\/commands)|\.zh-CN\.md$/.test(path))
  return guides.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const blocks = [...text.matchAll(/```sh[^\n]*\n([^]*?)```/g)].map(([, block = '']) => block.replaceAll('\\\n', ' '))
    return blocks.flatMap((block) =>
      block.split('\n').flatMap((line) => {
        const [, command] =
          /(?<![\w/.-])stagewatch (?!stagewatch )([a-z].*)/.exec(line.replace(/(^|\s)#\s.*$/, '')) ?? []
        return command === undefined ? [] : [command.trim().replaceAll(/\s+/g, ' ')]
      }),
    )
  })
}

/** The arguments of a command, as a shell would pass them. */
function argumentsOf(command: string): string[] {
  const words = [...command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)]
  return words.map(([word]) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'))
}

const dayMs = 24 * 3_600_000
const [place] = await emptyPlaces()
const folder = await mkdtemp(join(tmpdir(), 'stagewatch-documented-'))
/** What stands in this test for a name of the documents. */
const standIns = new Map<string, string>()
let server: SpawnedServer
let key: string

/** A file of this test for a name in the documents, by default one that a command writes. */
async function fileFor(name: string, content?: string): Promise<void> {
  const path = join(folder, name.replace(/^.*\//, ''))
  standIns.set(name, path)
  if (content !== undefined) await writeFile(path, content)
}

async function run(command: string) {
  const terminal = testTerminal()
  const words = argumentsOf(command).map((word) => standIns.get(word) ?? word)
  const code = await runCommand(command.startsWith('replay ') ? [...words, '--url', server.url] : words, terminal)
  return { command, code, said: [...terminal.printed, ...terminal.noted].join('\n') }
}

/** What a command needs that no command before it has made. */
const preparations: Partial<Record<(typeof commands)[number], () => Promise<void>>> = {
  "import undo 12 --reason 'wrong time zone'": async () => {
    const { said } = await run('import list --json')
    const { imports } = JSON.parse(said) as { readonly imports: readonly { readonly id: number }[] }
    standIns.set('12', String(imports[0]?.id))
  },
  'calendar choose night --department press': async () => {
    await fileFor('night.json', JSON.stringify(calendar('night', '22:00', '06:00')))
    expect(await run('calendar set night.json')).toMatchObject({ code: 0 })
  },
  'quarantine list': async () => {
    const event = (id: string) => ({
      source: 'wms',
      id,
      type: 'stage.entered',
      order: `LOST-${id}`,
      stage: 'nowhere',
      occurredAt: new Date().toISOString(),
    })
    const { rejected } = await sendEvents(server.url, key, ['1', '2'].map(event))
    expect(rejected).toBe(2)
  },
  "config apply config.json --reason 'Packing has six hours from now on'": async () => {
    const path = standIns.get('config.json') ?? ''
    const config = await readFile(path, 'utf8')
    await writeFile(path, config.replaceAll('"Delivery"', '"Deliveries"'))
  },
  'archive run': async () => {
    const event = (order: string, i: number, type: string, more: object = {}) => {
      const occurredAt = new Date(Date.UTC(2023, 7, 15) + i * 3_600_000).toISOString()
      return { source: 'wms', id: `${order}-${i}`, type, order, occurredAt, ...more }
    }
    const events = ['SO-2023-0815', 'SO-2023-0816'].flatMap((order) => [
      event(order, 0, 'stage.entered', { stage: 'picking' }),
      event(order, 1, 'order.completed'),
    ])
    await sendEvents(server.url, key, events)
    const body = { archiveAfterMonths: 12 }
    expect(await call(`${server.url}/api/v1/retention`, { key, method: 'PUT', body })).toMatchObject({ status: 200 })
  },
  'quarantine dismiss 1201 1202': async () => {
    const { said } = await run('quarantine list --json')
    const { events } = JSON.parse(said) as { readonly events: readonly { readonly id: number }[] }
    standIns.set('1201', String(events[0]?.id))
    standIns.set('1202', String(events[1]?.id))
  },
  'audit verify --heads ./data/audit-heads': async () => {
    const { said } = await run('audit heads')
    await fileFor('./data/audit-heads', said)
  },
  'archive restore --archive 2023-08-9f2c41aa03d7b6e5': async () => {
    const { said } = await run('archive list --json')
    const { archives } = JSON.parse(said) as { readonly archives: readonly { readonly name: string }[] }
    standIns.set('2023-08-9f2c41aa03d7b6e5', archives[0]?.name ?? '')
  },
}

const calendar = (code: string, from: string, to: string) => ({
  code,
  name: { zh: code, en: code },
  versions: [{ timeZone: 'Asia/Shanghai', week: { '1': [{ from, to }] }, holidays: [] }],
})

beforeAll(async () => {
  const data = { ARCHIVE_DIR: join(folder, 'archives') }
  server = await spawnServer({ dataDirectory: place.dataDirectory, env: data })
  vi.stubEnv('DATA_DIR', place.dataDirectory)
  vi.stubEnv('DATABASE_URL', '')
  for (const [name, value] of Object.entries(data)) vi.stubEnv(name, value)
  const line = (order: string, stage: string, at: number) => `${order},${stage},${new Date(at).toISOString()}`
  const yesterday = Date.now() - dayMs
  const lines = (prefix: string) =>
    ['picking', 'packing', 'shipped'].flatMap((stage, i) =>
      ['1', '2'].map((order) => line(`${prefix}-${order}`, stage, yesterday + i * 3_600_000)),
    )
  await fileFor('events.csv', ['order_id,stage,timestamp', ...lines('SO')].join('\n'))
  await fileFor('export.csv', ['Job no.,Step,timestamp', ...lines('JOB')].join('\n'))
  await fileFor('/srv/exports/today.csv', ['Job no.,Step,timestamp', ...lines('LATER')].join('\n'))
  await fileFor('office.json', JSON.stringify(calendar('office', '08:00', '17:00')))
  await fileFor(
    '2027.json',
    JSON.stringify({ year: 2027, days: [{ name: 'New Year', date: '2027-01-01', isOffDay: true }] }),
  )
  await fileFor(
    '2027.ics',
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:test',
      'BEGIN:VEVENT',
      'UID:1',
      'DTSTAMP:20260101T000000Z',
      'DTSTART;VALUE=DATE:20270501',
      'SUMMARY:Labour Day',
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n'),
  )
  await fileFor(
    'process.json',
    JSON.stringify({
      code: 'default',
      name: { zh: '配送', en: 'Delivery' },
      stages: ['picking', 'packing', 'shipped', 'delivered'].map(plainStage),
      acceptsNewStages: false,
      goals: {},
    }),
  )
  const written = ['config.json', 'rules.json', 'events.ndjson.gz', 'november.csv', 'visits.xes.gz']
  for (const name of [...written, '/srv/exports/rejected.csv', '/backups/before-upgrade.tar.zst']) await fileFor(name)
  await fileFor('./data/audit-heads')
  standIns.set('/backups/stagewatch-2026-11-27T013000Z.tar.zst', join(folder, 'before-upgrade.tar.zst'))
  const created = await run('key create --name test --scope ingest,read,admin --json')
  key = (JSON.parse(created.said) as { readonly key: string }).key
  standIns.set('$KEY', key)
}, 120_000)
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.close()
  await place.remove()
  await rm(folder, { recursive: true, force: true })
})

it('are all known here', () => {
  expect([...new Set(documentedCommands())].toSorted()).toEqual([...commands, ...ofBackups, ofMove].toSorted())
})

it('all do what they are for', { timeout: 240_000 }, async () => {
  const failed: unknown[] = []
  for (const command of commands) {
    await preparations[command]?.()
    const ran = await run(command)
    if (ran.code !== 0) failed.push(ran)
  }
  expect(failed).toEqual([])
})

it('restore a backup into an empty place', { timeout: 120_000 }, async () => {
  await server.kill('SIGTERM')
  // They differ by the name of the file only.
  for (const command of isNight ? ofBackups : ofBackups.slice(0, 1)) {
    vi.stubEnv('DATA_DIR', await mkdtemp(join(folder, 'restored-')))
    expect(await run(command)).toMatchObject({ code: 0 })
  }
})

const testServer = process.env['TEST_DATABASE_URL']
it('move to PostgreSQL', skipUnless(testServer !== undefined, 'moving to PostgreSQL as documented'), async () => {
  const created = await createEmptyDatabase(testServer!)
  try {
    standIns.set('postgres://stagewatch:secret@db:5432/stagewatch', created.url)
    expect(await run(ofMove)).toMatchObject({ code: 0 })
  } finally {
    await created.drop()
  }
})
