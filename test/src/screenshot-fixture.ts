import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Board } from '@stagewatch/shared/contract/board.ts'
import type { PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import { openPrivacy } from '@stagewatch/shared/domain/access/audience.ts'
import type { StartInfo } from '@stagewatch/shared/contract/start.ts'
import type { Browser, Page } from 'playwright-core'
import { discoveredBoard, oldBoard, unlimitedBoard, worldBoard } from './fixture/board-extremes.ts'
import { busyBoard, calmBoard, emptyBoard } from './fixture/board-fixture.ts'
import { BoardServer, type BoardServerOptions } from './fixture/board-server.ts'
import { openBrowser } from './harness/browser.ts'
import { pageProblems } from './harness/page-check.ts'

/** Takes screenshots of the wall with fixture boards for review: `node test/src/screenshot-fixture.ts [name …]`. */
interface Shot {
  readonly name: string
  readonly path: string
  readonly server: BoardServerOptions
  readonly width?: number
  readonly height?: number
  readonly before?: (page: Page, server: BoardServer) => Promise<void>
}

const folder = fileURLToPath(new URL('../screenshots/', import.meta.url))
const zh = '/wall?site=sample&lang=zh'
const en = '/wall?site=sample&lang=en'
const start: StartInfo = {
  version: '0.1.0',
  sites: [
    { code: 'sample', name: { zh: '华东一厂', en: 'East Plant 1' }, sample: true, openOrders: 559, events: 48_213 },
    { code: 'main', name: { zh: '主厂区', en: 'Main' }, sample: false, openOrders: 0, events: 0 },
  ],
  defaultSite: 'sample',
  database: 'embedded',
  readsOpen: true,
}
const pairing: PairingStarted = {
  deviceCode: 'nobody-approves-this-one',
  userCode: 'WDJB-MQXT',
  verificationUrl: 'https://stagewatch.east-plant.example/pair',
  verificationUrlComplete: 'https://stagewatch.east-plant.example/pair?code=WDJB-MQXT',
  expiresInS: 600,
  intervalS: 5,
}
const upright = { width: 1080, height: 1920 }

const sizes = {
  '1080p': [1920, 1080],
  '2160p': [3840, 2160],
  ultra: [5120, 1440],
  portrait: [1080, 1920],
  '4x3': [1024, 768],
} as const
const scenes = { overview: '', focus: '&scenes=stageFocus', andon: '&density=andon' } as const

const scenesOfAllSizes = Object.entries(sizes).flatMap(([size, [width, height]]) =>
  Object.entries(scenes).flatMap(([scene, query]) =>
    (['zh', 'en'] as const).map((language): Shot => {
      const path = `${language === 'zh' ? zh : en}${query}`
      return { name: `${scene}-${size}-${language}`, path, server: { board: busyBoard(language) }, width, height }
    }),
  ),
)

const shots: readonly Shot[] = [
  ...scenesOfAllSizes,
  { name: 'overview-day-zh', path: `${zh}&theme=day`, server: { board: busyBoard('zh') } },
  { name: 'focus-day-en', path: `${en}&theme=day&scenes=stageFocus`, server: { board: busyBoard('en') } },
  { name: 'andon-day-zh', path: `${zh}&theme=day&density=andon`, server: { board: busyBoard('zh') } },
  { name: 'andon-calm-en', path: `${en}&density=andon`, server: { board: calmBoard('en') } },
  { name: 'andon-discovered-en', path: `${en}&density=andon`, server: { board: discoveredBoard() } },
  {
    name: 'andon-disconnected-zh',
    path: `${zh}&density=andon&contact=信息值班 8866`,
    server: { board: busyBoard('zh') },
    before: cut(19_000),
  },
  { name: 'focus-discovered-en', path: `${en}&scenes=stageFocus`, server: { board: discoveredBoard() } },
  { name: 'focus-calm-zh', path: `${zh}&scenes=stageFocus`, server: { board: calmBoard('zh') } },
  {
    name: 'focus-disconnected-en',
    path: `${en}&scenes=stageFocus`,
    server: { board: busyBoard('en') },
    before: cut(19_000),
  },
  {
    name: 'portrait-disconnected-zh',
    path: zh,
    server: { board: busyBoard('zh') },
    width: 1080,
    height: 1920,
    before: cut(19_000),
  },
  {
    name: 'ultra-disconnected-en',
    path: en,
    server: { board: busyBoard('en') },
    width: 5120,
    height: 1440,
    before: cut(19_000),
  },
  {
    name: 'day-disconnected-zh',
    path: `${zh}&theme=day&contact=信息值班 8866`,
    server: { board: busyBoard('zh') },
    before: cut(19_000),
  },
  { name: 'off-shift-dim-zh', path: zh, server: { board: resting(busyBoard('zh')) } },
  { name: 'off-shift-kpi-en', path: `${en}&offShift=kpi`, server: { board: resting(busyBoard('en')) } },
  { name: 'panel-failed-zh', path: zh, server: { board: calmBoard('zh') }, before: breakMatrix },
  {
    name: 'wrong-clock-masked-zh',
    path: zh,
    server: { board: { ...busyBoard('zh'), privacy: { ...openPrivacy, customers: 'masked' } } },
  },
  { name: 'wall-calm-zh', path: zh, server: { board: calmBoard('zh') } },
  { name: 'wall-calm-en', path: en, server: { board: calmBoard('en') } },
  { name: 'wall-discovered-en', path: en, server: { board: discoveredBoard() } },
  { name: 'wall-discovered-zh', path: zh, server: { board: discoveredBoard() } },
  { name: 'wall-first-framed-en', path: en, server: { board: { ...busyBoard('en'), bottleneck: 'order' } } },
  { name: 'wall-last-framed-en', path: en, server: { board: { ...busyBoard('en'), bottleneck: 'sign' } } },
  ...Object.entries(scenes).flatMap(([scene, query]) => [
    { name: `nolimits-${scene}-zh`, path: `${zh}${query}`, server: { board: unlimitedBoard('zh') } },
    { name: `nolimits-${scene}-en`, path: `${en}${query}`, server: { board: unlimitedBoard('en') } },
    {
      name: `somelimits-${scene}-en`,
      path: `${en}${query}`,
      server: { board: unlimitedBoard('en', ['purchase', 'qc', 'ship']) },
    },
    { name: `old-${scene}-zh`, path: `${zh}${query}`, server: { board: oldBoard('zh') } },
    { name: `old-${scene}-en`, path: `${en}${query}`, server: { board: oldBoard('en') } },
    { name: `world-${scene}-en`, path: `${en}${query}`, server: { board: worldBoard() } },
  ]),
  { name: 'wall-empty-zh', path: zh, server: { board: emptyBoard() } },
  { name: 'wall-empty-en', path: en, server: { board: emptyBoard() } },
  { name: 'wall-loading-zh', path: zh, server: {} },
  { name: 'wall-unauthorized-en', path: `${en}#key=sw_revoked`, server: { refusal: 'unauthorized' } },
  { name: 'wall-unknown-board-zh', path: `${zh}&board=andon`, server: { refusal: 'unknown_board' } },
  { name: 'wall-unknown-site-en', path: '/wall?site=moon&lang=en', server: { refusal: 'not_found' } },
  { name: 'wall-late-zh', path: zh, server: { board: busyBoard('zh') }, before: silence(8_000) },
  { name: 'wall-disconnected-zh', path: zh, server: { board: busyBoard('zh') }, before: cut(47_000) },
  { name: 'wall-disconnected-en', path: en, server: { board: busyBoard('en') }, before: cut(19_000) },
  { name: 'pair-1080p-zh', path: '/wall?pair&lang=zh', server: { pairing } },
  { name: 'pair-1080p-en', path: '/wall?pair&lang=en', server: { pairing } },
  { name: 'pair-2160p-zh', path: '/wall?pair&lang=zh', server: { pairing }, width: 3840, height: 2160 },
  { name: 'pair-2160p-en', path: '/wall?pair&lang=en', server: { pairing }, width: 3840, height: 2160 },
  { name: 'pair-upright-zh', path: '/wall?pair&lang=zh', server: { pairing }, ...upright },
  { name: 'pair-upright-en', path: '/wall?pair&lang=en', server: { pairing }, ...upright },
  { name: 'pair-refused-zh', path: '/wall?pair&lang=zh', server: {} },
  { name: 'pair-refused-upright-en', path: '/wall?pair&lang=en', server: {}, ...upright },
  { name: 'start-1440-en', path: '/?lang=en', server: { start }, width: 1440, height: 900 },
  { name: 'start-1440-zh', path: '/?lang=zh', server: { start }, width: 1440, height: 900 },
  { name: 'start-390-en', path: '/?lang=en', server: { start }, width: 390, height: 844 },
  { name: 'start-390-zh', path: '/?lang=zh', server: { start }, width: 390, height: 844 },
  { name: 'start-error-en', path: '/?lang=en', server: {}, width: 1440, height: 900 },
]

/** An instant outside of the range of dates. */
const noDate = 8_700_000_000_000_000

const asked = process.argv.slice(2)
const chosen = shots.filter(({ name }) => asked.length === 0 || asked.some((part) => name.includes(part)))
await mkdir(folder, { recursive: true })
const browser = await openBrowser()
try {
  for (const shot of chosen) await take(browser, shot)
} finally {
  await browser.close()
}

async function take(browserOfAll: Browser, shot: Shot): Promise<void> {
  const { name, path, width = 1920, height = 1080, before } = shot
  const server = new BoardServer(shot.server)
  const page = await browserOfAll.newPage({ viewport: { width, height } })
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`))
  page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`))
  // The device has the time of the board, except in the screenshot of a wrong clock.
  if (!name.startsWith('wrong-clock')) await page.addInitScript(shiftClock, server.now() - Date.now())
  try {
    await page.goto(`${await server.run()}${path}`)
    await page.waitForTimeout(2_500)
    await before?.(page, server)
    const isWall = path.startsWith('/wall')
    await page.screenshot({ path: `${folder}${name}.png`, fullPage: !isWall })
    const least = path.includes('density=andon') ? 48 : 24
    const problems = await pageProblems(page, isWall ? least : 0)
    console.log(`${name}: ${problems.length} problems`)
    for (const { kind, text, detail } of problems) console.log(`  ${kind}: ${text} (${detail})`)
  } finally {
    await page.close()
    await server.close()
  }
}

function silence(forMs: number): NonNullable<Shot['before']> {
  return async (page, server) => {
    server.fallSilent()
    await page.waitForTimeout(forMs)
  }
}

function cut(forMs: number): NonNullable<Shot['before']> {
  return async (page, server) => {
    await server.close()
    await page.waitForTimeout(forMs)
  }
}

async function breakMatrix(page: Page, server: BoardServer): Promise<void> {
  const board = calmBoard('zh')
  server.change({ ...board, heatmap: { ...board.heatmap, marks: [noDate] } })
  await page.waitForTimeout(1_000)
}

/** The board in the evening: nobody works, and nothing has happened for a while. */
function resting({ newestBreach: _, ...board }: Board): Board {
  return { ...board, offShift: true }
}

function shiftClock(byMs: number): void {
  const deviceNow = Date.now
  Date.now = () => deviceNow() + byMs
}
