import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDataDirectory } from '@stagewatch/db/test-database.ts'
import { runCommand } from '@stagewatch/server/cli/run-command.ts'
import { testTerminal } from '@stagewatch/server/cli/testing/test-terminal.ts'
import { sheetData, workbookOf } from '@stagewatch/server/ingest/tables/testing/workbook.ts'
import { importList } from '@stagewatch/shared/contract/imports.ts'
import { stageStatsAnswer } from '@stagewatch/shared/contract/stage-stats.ts'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { test } from '../harness/browser-test.ts'
import { logFile } from '../harness/log-folder.ts'
import { startPeopled } from '../identity/peopled-server.ts'
import type { PeopledServer } from '../identity/peopled-server.ts'
import { openDeskAs, phone } from './desk-page.ts'
import type { DeskPage } from './desk-page.ts'

let server: PeopledServer
let folder: string
/** Used by the command: starting from a migrated directory takes a fraction of the time of creating one. */
let dataDirectory: string

beforeAll(async () => {
  server = await startPeopled()
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-imports-'))
  dataDirectory = await createTestDataDirectory()
}, 60_000)
afterAll(async () => {
  await server.close()
  for (const path of [folder, dataDirectory]) await rm(path, { recursive: true, force: true })
})

async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, text)
  return path
}

function rowsOf(orders: number): string {
  const rows = Array.from({ length: orders }, (_, index) => {
    const day = `2026-01-${String((index % 28) + 1).padStart(2, '0')}`
    return `SO-${index},pick,${day} 08:00Z,Ann\nSO-${index},pack,${day} 09:30Z,Ann`
  })
  return ['Order no,Stage,Timestamp,Actor', ...rows, ''].join('\n')
}

/** The figures that the command reports for the same file, in a data directory of its own. */
async function commandFigures(path: string, ...options: readonly string[]) {
  const terminal = testTerminal()
  vi.stubEnv('DATA_DIR', dataDirectory)
  try {
    expect(await runCommand(['import', path, '--discover', '--json', ...options], terminal)).toBe(0)
  } finally {
    vi.unstubAllEnvs()
  }
  return JSON.parse(terminal.printed.join('\n')) as Record<
    'rows' | 'accepted' | 'duplicate' | 'orders' | 'stages',
    number
  >
}

const choose = (desk: DeskPage, path: string) => desk.page.locator('input[type=file]').setInputFiles(path)
const statistics = async () => stageStatsAnswer.parse((await server.ada.call('/api/v1/stages/stats')).body).stages

async function expectFit(desk: DeskPage): Promise<void> {
  expect(await desk.problems()).toEqual([])
  expect(await axeViolations(desk.page)).toEqual([])
  expect(desk.errors).toEqual([])
}

/** Saves a process of one stage, so that every file contains unknown stages. */
async function saveSmallProcess(): Promise<void> {
  const site = await server.server.sites.get('main')
  const stage = { code: 'pick', name: { en: 'pick' }, warnAtRatio: 0.8, toleranceRatio: 0.1 }
  await site.saveProcess({
    code: 'default',
    name: { en: 'Orders' },
    stages: [stage],
    acceptsNewStages: false,
    goals: {},
  })
}

test('an import creates the same orders as the command, and undoing it leaves no trace', async ({ browser }) => {
  const log = logFile('northwind')
  const path = existsSync(log) ? log : await written('orders.csv', rowsOf(200))
  const { rows, accepted, orders, stages } = await commandFigures(path)
  const count = (value: number): string => value.toLocaleString('en')
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports')
  await desk.sees('Nothing has been imported yet')
  await desk.page.getByRole('link', { name: 'Import a file' }).click()
  await choose(desk, path)
  // The first row is shown next to its interpretation.
  await desk.page.locator('tbody tr').first().waitFor()
  await expectFit(desk)
  await desk.press('Continue to check')
  await desk.page.getByRole('button', { name: `Import ${count(accepted)} rows` }).waitFor()
  await expectFit(desk)
  await desk.press(`Import ${count(accepted)} rows`)
  await desk.sees(/ is imported$/)
  const figures = await desk.page.locator('#content dl').allInnerTexts()
  expect(figures.join(' ').replaceAll(/\s+/g, ' ')).toContain(
    `Rows ${count(rows)} Orders ${count(orders)} in ${count(stages)} stages Added ${count(accepted)}`,
  )
  expect((await statistics()).length).toBe(stages)

  await desk.press('Undo import')
  await desk.fill('Reason', 'wrong file')
  await desk.page.getByRole('dialog').getByRole('button', { name: 'Undo import' }).click()
  await desk.sees(/^Undone by ada@example.com on .*: wrong file$/)
  expect((await statistics()).map(({ visits, wip }) => visits + wip)).toEqual(Array<number>(stages).fill(0))
  await desk.page.getByRole('link', { name: 'All imports' }).click()
  await desk.sees('wrong file')
  await expectFit(desk)
})

/** One order in each of two traces, as a workbook and as an event log. */
function otherFiles() {
  const rows = [
    ['订单号', '环节', '时间'],
    ['XL-1', '下单', '2026-03-02T08:00:00Z'],
    ['XL-1', '发货', '2026-03-03T09:30:00Z'],
    ['XL-2', '下单', '2026-03-04T08:00:00Z'],
  ]
  const event = (stage: string, time: string) =>
    `<event><string key="concept:name" value="${stage}"/><date key="time:timestamp" value="${time}"/></event>`
  const trace = (order: string, ...events: readonly string[]) =>
    `<trace><string key="concept:name" value="${order}"/>${events.join('')}</trace>`
  const traces = [
    trace('XES-1', event('register', '2026-03-02T08:00:00Z'), event('decide', '2026-03-05T08:00:00Z')),
    trace('XES-2', event('register', '2026-03-03T08:00:00Z')),
  ]
  return {
    'orders.xlsx': workbookOf({ sheets: [{ name: '订单', xml: sheetData(rows) }] }),
    'log.xes': `<?xml version="1.0"?><log xes.version="1.0">${traces.join('')}</log>`,
  }
}

test('logs, workbooks and event logs have the figures of the command: zh', async ({ browser }) => {
  const files = await Promise.all(
    Object.entries(otherFiles()).map(async ([name, content]) => {
      await writeFile(join(folder, name), content)
      return join(folder, name)
    }),
  )
  await saveSmallProcess()
  const logs = [logFile('production')].filter((path) => existsSync(path))
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports/new', { language: 'zh' })
  for (const path of [...logs, ...files]) {
    const { rows, accepted, duplicate, orders, stages } = await commandFigures(path, '--dry-run', '--timezone', 'UTC')
    const count = (value: number): string => value.toLocaleString('zh')
    await desk.page.goto(`${server.url}/imports/new`)
    await choose(desk, path)
    await desk.page.locator('tbody tr').first().waitFor()
    await desk.page.getByLabel('时区', { exact: true }).selectOption('UTC')
    await desk.press('下一步：校验')
    await desk.press(/^添加缺少的环节/)
    await desk.press(`导入 ${count(accepted)} 行`)
    await desk.sees(/ 已导入$/)
    const figures = (await desk.page.locator('#content dl').allInnerTexts()).join(' ').replaceAll(/\s+/g, ' ')
    expect([path, figures]).toEqual([
      path,
      expect.stringContaining(
        `行数 ${count(rows)} 订单 ${count(orders)} 涉及 ${count(stages)} 个环节 已新增 ${count(accepted)} 已有 ${count(duplicate)} 拒收 0`,
      ),
    ])
  }
  await expectFit(desk)
}, 120_000)

test('ambiguities of a messy file are resolved by hand: zh, on a phone', async ({ browser }) => {
  await saveSmallProcess()
  const lines = [
    'SO-1,pick,2026-11-03T08:00:00Z,2026-11-03T08:10:00Z',
    'SO-1,pack,2026-11-03T08:00:00Z,2026-11-03T09:10:00Z',
    'SO-2,pick,2026-11-03T08:00:00Z,kaputt',
  ]
  const path = await written('join.csv', ['order_id,stage,timestamp,timestamp', ...lines, ''].join('\n'))
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports/new', { language: 'zh', viewport: phone })
  await choose(desk, path)
  await desk.sees('按目前的设置无法读取文件')
  await expectFit(desk)
  // Two columns have the same name; this selects the second one.
  await desk.page.getByLabel('时间', { exact: true }).selectOption('4')
  await desk.page.locator('tbody tr').first().waitFor()
  await desk.sees('timestamp: 时间无法读取。')
  await desk.press('下一步：校验')
  await desk.sees('流程中没有这个环节。')
  await desk.press(/^添加缺少的环节/)
  await desk.sees('将创建 1 个环节：')
  await desk.press('导入 2 行')
  await desk.sees('join.csv 已导入')
  await expectFit(desk)
  const rejected = await desk.page.getByRole('link', { name: '下载拒收的行' }).getAttribute('href')
  expect((await server.ada.call(rejected ?? '')).body).toContain('kaputt')
  const { imports } = importList.parse((await server.ada.call('/api/v1/imports')).body)
  expect(imports[0]).toMatchObject({ file: 'join.csv', options: { columns: { time: '4' } }, accepted: 2, rejected: 1 })
})

test('a mapping is saved under a name and applied to another file', async ({ browser }) => {
  const rows = ['Auftrag;Schritt;Zeit', 'M-1;pick;2026-11-03 08:00', 'M-1;pick;2026-11-03 09:00', '']
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports/new')
  const columns = () => ['Order number', 'Stage', 'Time'].map((name) => desk.page.getByLabel(name, { exact: true }))
  await choose(desk, await written('monday.csv', rows.join('\n')))
  await desk.sees('The file cannot be read like this')
  for (const [place, column] of columns().entries())
    await column.selectOption(['Auftrag', 'Schritt', 'Zeit'][place] ?? '')
  await desk.page.getByLabel('Time zone', { exact: true }).selectOption('Europe/Berlin')
  await desk.page.locator('tbody tr').first().waitFor()
  await desk.fill('Save this mapping as', 'Workshop')
  await desk.press('Save mapping')
  await desk.sees('Mapping “Workshop” saved')
  expect((await server.ada.call('/api/v1/import-mappings')).body).toMatchObject({
    mappings: [
      { name: 'Workshop', mapping: { timezone: 'Europe/Berlin', columns: { order: 'Auftrag', time: 'Zeit' } } },
    ],
  })

  await desk.page.goto(`${server.url}/imports/new`)
  await choose(desk, await written('tuesday.csv', rows.join('\n').replaceAll('M-1', 'M-2')))
  await desk.sees('The file cannot be read like this')
  await desk.press('Use: Workshop')
  await desk.page.locator('tbody tr').first().waitFor()
  expect(await Promise.all(columns().map((column) => column.inputValue()))).toEqual(['Auftrag', 'Schritt', 'Zeit'])
  expect(await desk.page.getByLabel('Time zone', { exact: true }).inputValue()).toBe('Europe/Berlin')
  await expectFit(desk)
  await desk.press('Delete mapping Workshop')
  await desk.sees('No mapping is saved yet.')
  expect(desk.errors).toEqual([])
})

test('an upload resumes after the network was lost and the page was reloaded', async ({ browser }) => {
  const path = await written('large.csv', rowsOf(20_000))
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports/new')
  const offsets: number[] = []
  let isCut = false
  await desk.page.route('**/api/v1/uploads/*', async (route) => {
    const request = route.request()
    if (request.method() !== 'PATCH') return route.continue()
    if (isCut) return route.abort('internetdisconnected')
    offsets.push(Number(request.headers()['upload-offset']))
    isCut = offsets.length === 1
    return route.continue()
  })
  await choose(desk, path)
  await desk.sees('The connection is interrupted. Sending continues by itself.')
  await desk.press('Pause')
  await desk.sees(/^Paused at/)
  await desk.page.reload()
  await desk.sees(/Choose the same file again to send the rest/)
  await expectFit(desk)
  await choose(desk, await written('other.csv', rowsOf(3)))
  await desk.sees(/^This is another file/)
  isCut = false
  await choose(desk, path)
  await desk.page.locator('tbody tr').first().waitFor()
  // Nothing was sent twice.
  expect(offsets.slice(0, 2)).toEqual([0, 1024 * 1024])
  await desk.page.goto(`${server.url}/imports/new`)
  await desk.press('Delete: large.csv')
  await desk.press('Delete')
  await desk.page.getByText('large.csv').waitFor({ state: 'detached' })
  expect(desk.errors).toEqual([])
})

test('the import page is only for those who manage the site, and rejects unreadable files at once', async ({
  browser,
}) => {
  const lead = await server.join('lead@example.com', { role: 'lead', departments: ['store'] })
  const closed = await openDeskAs(browser, server.url, lead, '/imports')
  await closed.sees('You do not have access to this page')
  const desk = await openDeskAs(browser, server.url, server.ada, '/imports/new')
  await choose(desk, await written('scan.csv', '%PDF-1.7'))
  await desk.sees('This is a PDF. Export the table as CSV or Excel instead.')
  await choose(desk, await written('empty.csv', ''))
  await desk.sees('This file is empty.')
})
