import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { vi } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'

/** Contains a folder for each version, as written by `fetch-old-browsers.ts`. */
const oldBrowserFolder = process.env['STAGEWATCH_OLD_BROWSERS']
/** If set, screenshots are stored here. */
const shotFolder = process.env['STAGEWATCH_SHOTS']

export function hasOldBrowser(version: number): boolean {
  return oldBrowserFolder !== undefined && existsSync(join(oldBrowserFolder, String(version), 'chromium'))
}

const flags = [
  '--headless',
  '--no-sandbox',
  '--no-zygote',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--hide-scrollbars',
  '--remote-debugging-port=0',
  '--no-first-run',
  '--window-size=1920,1080',
  '--lang=en-US',
  'about:blank',
]
const answer = z.object({ id: z.int(), result: z.unknown().optional(), error: z.unknown().optional() })
const event = z.object({ method: z.string(), params: z.unknown() })
const thrown = z.object({
  exceptionDetails: z.object({
    text: z.string(),
    exception: z.object({ description: z.string().optional() }).optional(),
  }),
})
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
})

/**
 * An old Chromium with one page, controlled through the DevTools protocol, because playwright-core supports only
 * browsers of its own release.
 */
export class OldBrowser implements AsyncDisposable {
  /** Uncaught script errors since the browser was opened. */
  readonly errors: string[] = []
  readonly #process: ChildProcess
  readonly #socket: WebSocket
  readonly #profile: string
  readonly #pending = new Map<number, (message: z.infer<typeof answer>) => void>()
  #session: string | undefined
  #lastId = 0

  private constructor(process: ChildProcess, socket: WebSocket, profile: string) {
    this.#process = process
    this.#socket = socket
    this.#profile = profile
    socket.on('message', (data: Buffer) => this.#onMessage(JSON.parse(data.toString())))
  }

  static async open(version: number): Promise<OldBrowser> {
    const folder = join(oldBrowserFolder ?? '', String(version))
    const profile = await mkdtemp(join(tmpdir(), 'stagewatch-old-browser-'))
    const chromium = spawn(join(folder, 'chromium'), [`--user-data-dir=${profile}`, ...flags], {
      env: { ...process.env, LD_LIBRARY_PATH: join(folder, 'lib') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const socket = new WebSocket(await debuggerAddress(chromium))
    await once(socket, 'open')
    const browser = new OldBrowser(chromium, socket, profile)
    const { targetId } = z
      .object({ targetId: z.string() })
      .parse(await browser.#send('Target.createTarget', { url: 'about:blank' }))
    const attached = await browser.#send('Target.attachToTarget', { targetId, flatten: true })
    browser.#session = z.object({ sessionId: z.string() }).parse(attached).sessionId
    await browser.#send('Runtime.enable')
    await browser.#send('Page.enable')
    const metrics = { width: 1_920, height: 1_080, deviceScaleFactor: 1, mobile: false }
    await browser.#send('Emulation.setDeviceMetricsOverride', metrics)
    return browser
  }

  async goto(url: string): Promise<void> {
    await this.#send('Page.navigate', { url })
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = evaluated.parse(
      await this.#send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true }),
    )
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }

  /** Waits until the expression is true in the page. */
  async until(expression: string, timeout = 20_000): Promise<void> {
    await vi.waitFor(
      async () => {
        const holds = await this.evaluate(expression)
        if (holds === true) return
        const text = await this.evaluate('document.body && document.body.innerText.slice(0, 300)')
        throw new Error(
          `${expression} is ${String(holds)} on a page that says ${String(text)}; ${this.errors.join('; ')}`,
        )
      },
      { timeout, interval: 100 },
    )
  }

  async screenshot(name: string): Promise<void> {
    if (shotFolder === undefined) return
    const { data } = z.object({ data: z.string() }).parse(await this.#send('Page.captureScreenshot', { format: 'png' }))
    await writeFile(join(shotFolder, `${name}.png`), Buffer.from(data, 'base64'))
  }

  /** Runs the source before any other script in every page opened from now on. */
  async beforeEachPage(source: string): Promise<void> {
    await this.#send('Page.addScriptToEvaluateOnNewDocument', { source })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, 'exit')
    this.#socket.close()
    this.#process.kill('SIGKILL')
    await exited
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }

  #send(method: string, params: object = {}): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const id = ++this.#lastId
    this.#pending.set(id, ({ result, error }) => {
      if (error === undefined) resolve(result)
      else reject(new Error(`${method}: ${JSON.stringify(error)}`))
    })
    this.#socket.send(
      JSON.stringify({ id, method, params, ...(this.#session !== undefined && { sessionId: this.#session }) }),
    )
    return promise
  }

  #onMessage(message: unknown): void {
    const given = answer.safeParse(message)
    if (given.success) {
      this.#pending.get(given.data.id)?.(given.data)
      this.#pending.delete(given.data.id)
      return
    }
    const told = event.safeParse(message)
    if (!told.success || told.data.method !== 'Runtime.exceptionThrown') return
    const { text, exception } = thrown.parse(told.data.params).exceptionDetails
    this.errors.push(exception?.description ?? text)
  }
}

/** Chromium prints its debugger address to stderr. */
async function debuggerAddress({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('the browser has no error stream')
  const said: string[] = []
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /^DevTools listening on (\S+)/.exec(line) ?? []
    if (address !== undefined) {
      stderr.resume()
      return address
    }
    said.push(line)
  }
  throw new Error(`the browser has ended: ${said.slice(0, 5).join('\n')}`)
}
