import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import type { StartInfo } from '@stagewatch/shared/contract/start.ts'
import type { Browser, Page } from 'playwright-core'
import { discoveredBoard } from './fixture/board-extremes.ts'
import { busyBoard, calmBoard, emptyBoard } from './fixture/board-fixture.ts'
import { BoardServer, type BoardServerOptions } from './fixture/board-server.ts'
import { openBrowser } from './harness/browser.ts'
import { pageProblems } from './harness/page-check.ts'

/** Pictures of the wall with fixture boards, for looking at: `node test/src/screenshot-fixture.ts [name …]`. */
interface Shot {
  readonly name: string
  readonly path: string
  readonly server: BoardServerOptions
  readonly width?: number
  readonly height?: number
  readonly scale?: number
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

const shots: readonly Shot[] = [
  { name: 'wall-1080p-zh', path: zh, server: { board: busyBoard('zh') } },
  { name: 'wall-1080p-en', path: en, server: { board: busyBoard('en') } },
  { name: 'wall-2160p-zh', path: zh, server: { board: busyBoard('zh') }, scale: 2 },
  { name: 'wall-calm-zh', path: zh, server: { board: calmBoard('zh') } },
  { name: 'wall-calm-en', path: en, server: { board: calmBoard('en') } },
  { name: 'wall-discovered-en', path: en, server: { board: discoveredBoard() } },
  { name: 'wall-discovered-zh', path: zh, server: { board: discoveredBoard() } },
  { name: 'wall-first-framed-en', path: en, server: { board: { ...busyBoard('en'), bottleneck: 'order' } } },
  { name: 'wall-last-framed-en', path: en, server: { board: { ...busyBoard('en'), bottleneck: 'sign' } } },
  { name: 'wall-4x3-zh', path: zh, server: { board: busyBoard('zh') }, width: 1024, height: 768 },
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
  const { name, path, width = 1920, height = 1080, scale = 1, before } = shot
  const server = new BoardServer(shot.server)
  const page = await browserOfAll.newPage({ viewport: { width, height }, deviceScaleFactor: scale })
  page.on('console', (message) => message.type() === 'error' && console.error(`${name}: ${message.text()}`))
  page.on('pageerror', (error) => console.error(`${name}: ${error.stack}`))
  try {
    await page.goto(`${await server.run()}${path}`)
    await page.waitForTimeout(2_500)
    await before?.(page, server)
    const isWall = path.startsWith('/wall')
    await page.screenshot({ path: `${folder}${name}.png`, fullPage: !isWall })
    const problems = await pageProblems(page, isWall ? 24 : 0)
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
