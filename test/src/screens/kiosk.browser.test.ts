import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { screenList } from '@stagewatch/shared/contract/screen.ts'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventuallyWithin } from '../harness/eventually.ts'
import { skipUnless } from '../harness/skip.ts'
import { startServer, type StartedServer } from '../harness/start-server.ts'
import { call } from '../http/call.ts'
import { approve } from './pair-screen.ts'

const folder = join(import.meta.dirname, '../../../packaging/kiosk')
const unit = readFileSync(join(folder, 'linux/stagewatch-wall.service'), 'utf8')
const script = readFileSync(join(folder, 'windows/start-wall.ps1'), 'utf8')

const program = [process.env['CHROME_PATH'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
)
const canRun = process.platform === 'linux' && program !== undefined

/** For a machine without a display; root may not use the sandbox. */
const withoutDisplay = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0']

/** A whole Chromium with a new profile on a busy machine. */
const startWithinMs = 90_000

interface Place {
  readonly url: string
  /** In which the pairing is stored. */
  readonly data: string
}

/** The arguments of Chromium as the files for screens have them. */
const commands: readonly { readonly name: string; readonly args: (place: Place) => readonly string[] }[] = [
  {
    name: 'the systemd unit',
    args: ({ url, data }) => {
      const [, command = ''] = /^ExecStart=\S+ ((?:.*\\\n)*.*)$/m.exec(unit) ?? []
      const args = command.split(/\\?\s+/).filter((arg) => arg !== '' && arg !== '\\')
      return args.map((arg) => arg.replace('${WALL_URL}', url).replace(/^(--user-data-dir=).*/, `$1${data}`))
    },
  },
  {
    name: 'the script for Windows',
    args: ({ url, data }) => {
      const [, list = ''] = /\$arguments = @\(\n([^]*?)\n\)/.exec(script) ?? []
      const args = list.split('\n').map((line) => line.trim().replace(/^['"]|['"],?$/g, ''))
      return args.map((arg) => arg.replace('$Url', url).replace(/^(--user-data-dir=).*/, `$1${data}`))
    },
  },
]

describe.each(commands)('Chromium as started by $name', ({ args }) => {
  describe('in front of a server', skipUnless(canRun, 'the command lines for screens (no Chromium installed)'), () => {
    let server: StartedServer
    let lead: string
    let data: string
    let opened: { readonly browser: Browser; readonly child: ChildProcess } | undefined

    beforeAll(async () => {
      // Unauthenticated reads are off, so that the wall has to be paired.
      server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example' } })
      lead = await server.createKey(['admin'])
      data = await mkdtemp(join(tmpdir(), 'stagewatch-kiosk-'))
    })
    afterAll(async () => {
      await close()
      await server.close()
      await rm(data, { recursive: true, force: true, maxRetries: 5 })
    })

    it(
      'pairs a screen that is still paired after Chromium has been restarted',
      { timeout: 4 * startWithinMs },
      async () => {
        let page = await open()
        await page.locator('.pairing__code').waitFor()
        const userCode = (await page.locator('.pairing__code').getAttribute('aria-label')) ?? ''
        expect((await approve(server, lead, { userCode })).status).toBe(200)
        await page.locator('.stage').first().waitFor()
        await eventuallyWithin(startWithinMs, async () => expect(await online()).toEqual([true]))

        await close()
        page = await open()
        await page.locator('.stage').first().waitFor()
        expect(await page.locator('.pairing__code').count()).toBe(0)
        expect(await online()).toHaveLength(1)
      },
    )

    it('lets a wall play its chime without anybody touching it', { timeout: 2 * startWithinMs }, async () => {
      const page = await open()
      const session = await page.context().newCDPSession(page)
      // Unlike `page.evaluate`, this does not count as a gesture.
      const { result } = await session.send('Runtime.evaluate', {
        // A blocked context waits for a gesture for ever.
        expression: `Promise.race([
          new AudioContext().resume().then(() => 'plays'),
          new Promise((resolve) => setTimeout(() => resolve('is blocked'), 10_000)),
        ])`,
        awaitPromise: true,
        returnByValue: true,
      })
      expect(result.value).toBe('plays')
    })

    async function open(): Promise<Page> {
      await close()
      await rm(join(data, 'DevToolsActivePort'), { force: true })
      const child = spawn(program!, [...args({ url: server.url, data }), ...withoutDisplay], {
        stdio: 'ignore',
        detached: true,
      })
      const port = await eventuallyWithin(startWithinMs, async () => {
        const [line] = (await readFile(join(data, 'DevToolsActivePort'), 'utf8')).split('\n')
        return Number(line)
      })
      const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { timeout: startWithinMs })
      const page = browser.contexts()[0]?.pages()[0]
      if (page === undefined) throw new Error('Chromium has opened no page')
      page.setDefaultTimeout(startWithinMs)
      opened = { browser, child }
      expect(page.url()).toContain(`${server.url}/wall`)
      return page
    }

    /** As systemd ends it. */
    async function close(): Promise<void> {
      if (opened === undefined) return
      const { browser, child } = opened
      opened = undefined
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGTERM')
      await ended
      await browser.close()
    }

    async function online(): Promise<readonly boolean[]> {
      const { body } = await call(`${server.url}/api/v1/screens`, { key: lead })
      return screenList.parse(body).screens.map((screen) => screen.online)
    }
  })
})
