import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import type { Browser, Page } from 'playwright-core'
import { openBrowser } from './harness/browser.ts'
import { buildClient } from '@stagewatch/packaging/build-client.ts'
import { startServer } from './harness/start-server.ts'

/** Takes the documentation screenshots from the running product: `node test/src/screenshot-documents.ts [name …]`. */
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))

interface Picture {
  readonly name: string
  readonly path: string
  /** The role of the signed-in member; undefined: nobody is signed in. */
  readonly role?: Role
  readonly width: number
  readonly height: number
  /** Image pixels per page pixel. */
  readonly scale?: number
  /** Resolves when everything is visible. */
  readonly ready: (page: Page) => Promise<unknown>
  /** The part to capture; by default the whole window. */
  readonly part?: string
}

const laptop = { width: 1440, height: 900 } as const

const pictures: readonly Picture[] = [
  {
    name: 'wall',
    path: '/wall?site=sample',
    width: 1920,
    height: 1080,
    scale: 2 / 3,
    ready: (page) => page.locator('.kpi--hero .sparkline svg').waitFor(),
  },
  { name: 'overview', path: '/overview', role: 'manager', ...laptop, ready: overviewIsLive },
  {
    name: 'bottleneck',
    path: '/overview',
    role: 'manager',
    ...laptop,
    ready: async (page) => {
      await overviewIsLive(page)
      await hoverHottest(page)
    },
    part: 'section[aria-labelledby="heat"]',
  },
  {
    name: 'orders',
    path: '/orders?status=overdue',
    role: 'manager',
    ...laptop,
    ready: async (page) => {
      await page.locator('tr[data-order]').nth(8).waitFor()
      await isLive(page)
    },
  },
  {
    name: 'order',
    path: '/orders?status=overdue',
    role: 'lead',
    ...laptop,
    ready: async (page) => {
      await page.locator('tr[data-order] a').first().click()
      await page.locator('#content li time').first().waitFor()
      await isLive(page)
    },
  },
  {
    name: 'processes',
    path: '/processes/make-to-order?stage=qc',
    role: 'manager',
    ...laptop,
    ready: async (page) => {
      const limit = page.locator('tr[data-item=qc] input').first()
      await limit.fill('10h')
      await limit.press('Enter')
      await page.locator('tr[data-item=qc] s').waitFor()
      await page.getByText(/^(Draft · 1 change|草稿 · 1 处改动)$/).waitFor()
    },
  },
  { name: 'import', path: '/imports/new', role: 'manager', ...laptop, ready: checkExport },
]

const asked = process.argv.slice(2)
const chosen = pictures.filter(({ name }) => asked.length === 0 || asked.includes(name))
await mkdir(folder, { recursive: true })
await buildClient()
const server = await startServer({ demo: true })
const browser = await openBrowser()
try {
  for (const picture of chosen) {
    for (const language of ['en', 'zh'] as const) await take(browser, picture, language)
  }
} finally {
  await browser.close()
  await server.close()
}

async function take(browserOfAll: Browser, picture: Picture, language: 'en' | 'zh'): Promise<void> {
  const { path, role, width, height, scale = 1, ready, part } = picture
  const [tag, locale] = language === 'zh' ? ['.zh-CN', 'zh-CN'] : ['', 'en-GB']
  const viewport = { width, height }
  const timezoneId = 'Asia/Shanghai'
  const context = await browserOfAll.newContext({ viewport, deviceScaleFactor: scale, locale, timezoneId })
  if (role !== undefined) {
    const entered = await context.request.post(`${server.url}/api/v1/sample/enter`, {
      headers: { origin: server.url },
      data: { role },
    })
    if (!entered.ok()) throw new Error(`the sample was not entered: ${entered.status()} ${await entered.text()}`)
  }
  const page = await context.newPage()
  await page.goto(`${server.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`)
  await ready(page)
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)))
  const file = `${picture.name}${tag}.png`
  await (part === undefined ? page : page.locator(part)).screenshot({ path: folder + file })
  await context.close()
  process.stdout.write(`${file}\n`)
}

/** Checks an ERP export with a few unreadable rows, without importing it. */
async function checkExport(page: Page): Promise<void> {
  const stages = ['review', 'produce', 'qc', 'ship', 'transit']
  const beganAt = Date.now() - 9 * 24 * 3_600_000
  const rows = Array.from({ length: 240 }, (_, index) => {
    const order = `SO-26${String(1000 + Math.floor(index / stages.length))}`
    const at = new Date(beganAt + index * 47 * 60_000).toISOString().slice(0, 16).replace('T', ' ')
    const stage = index % 97 === 96 ? 'QC' : stages[index % stages.length]
    const time = index % 61 === 60 ? '31.06.2026 09:12' : at
    return [order, stage, time, 'Hangzhou Huachen', '1753-01-01'].join(';')
  })
  const text = ['Order export;;;;', 'Order no;Stage;Timestamp;Customer;Due date', ...rows, ''].join('\n')
  const file = { name: 'erp-export.csv', mimeType: 'text/csv', buffer: Buffer.from(text) }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByRole('button', { name: /^(Continue to check|下一步：校验)$/ }).click()
  await page.locator('#content dl').first().waitFor()
  await page.locator('#content progress').waitFor({ state: 'detached' })
}

async function overviewIsLive(page: Page): Promise<void> {
  await page.getByRole('gridcell').last().waitFor()
  await isLive(page)
}

function isLive(page: Page): Promise<void> {
  return page.getByText(/^(Live|实时) · /).waitFor()
}

/** Shows the tooltip of today's cell for the stage with the largest overdue share. */
async function hoverHottest(page: Page): Promise<void> {
  const shares = await page
    .getByRole('row')
    .evaluateAll((rows) =>
      rows.map((row) =>
        Number(/(\d+)%/.exec(row.querySelector('[role=gridcell]:last-child')?.ariaLabel ?? '')?.[1] ?? -1),
      ),
    )
  const hottest = shares.indexOf(Math.max(...shares))
  await page.getByRole('row').nth(hottest).getByRole('gridcell').last().hover()
}
