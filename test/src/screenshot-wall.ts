import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { openBrowser } from './harness/browser.ts'
import buildClient from './harness/build-client.ts'
import { startServer } from './harness/start-server.ts'

/** Takes the pictures of the documents from the running product: `node test/src/screenshot-wall.ts`. */
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url))

const pictures = [
  { name: 'wall.png', path: '/wall?site=sample&lang=en', width: 1920, height: 1080 },
  { name: 'wall.zh-CN.png', path: '/wall?site=sample&lang=zh', width: 1920, height: 1080 },
]

await mkdir(folder, { recursive: true })
await buildClient()
const server = await startServer({ demo: true })
const browser = await openBrowser()
for (const { name, path, width, height } of pictures) {
  const page = await browser.newPage({ viewport: { width, height } })
  await page.goto(server.url + path)
  await page.locator('.kpi--hero .sparkline svg').waitFor()
  await page.evaluate(() => document.fonts.ready)
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)))
  await page.screenshot({ path: folder + name })
  process.stdout.write(`${name}\n`)
}
await browser.close()
await server.close()
