import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect } from 'vitest'
import { test } from './harness/browser-test.ts'
import { isNight, skipUnless } from './harness/skip.ts'

const root = join(import.meta.dirname, '../..')
const minuteMs = 60_000
const types: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

let folder = ''
let server: Server
let url = ''

// The test runs at night, because the site takes half a minute to build.
const night = skipUnless(isNight, 'searching the documentation site (needs SOAK=full)')

beforeAll(async () => {
  if (!isNight) return
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-site-'))
  const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js')
  await promisify(execFile)(process.execPath, [vitepress, 'build', 'docs', '--outDir', folder], { cwd: root })
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = join(folder, path.endsWith('/') ? `${path}index.html` : path)
    readFile(file).then(
      (content) => response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream').end(content),
      () => response.writeHead(404).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}, 5 * minuteMs)

afterAll(async () => {
  if (!isNight) return
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

test.for([
  ['a Chinese word of two characters', 'zh/', '瓶颈', /每个数字怎样算出来/],
  ['several Chinese words', 'zh/', '数据库故障', /故障与错误输入/],
  ['words of a page that is generated', 'zh/', 'SLOW_STATEMENT_MS', /配置/],
  ['a part of an English word', '', 'bottlen', /What is counted/],
  ['a misspelled English word', '', 'retenton', /Retention/],
] as const)('the search of the documentation finds %s', night, async ([, language, words, title], { browser }) => {
  const page = await browser.newPage()
  await page.goto(`${url}/${language}`)
  await page.locator('.VPNavBarSearchButton, .DocSearch-Button').first().click()
  await page.locator('.VPLocalSearchBox input').fill(words)
  await page.locator('.VPLocalSearchBox .result').filter({ hasText: title }).first().click()
  await expect.poll(() => page.locator('h1').first().textContent()).toMatch(title)
  expect(new URL(page.url()).pathname.startsWith(`/${language}`)).toBe(true)
  await page.close()
})
