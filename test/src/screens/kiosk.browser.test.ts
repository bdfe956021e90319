import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { screenPairings, screens as screenRows } from '@stagewatch/db/screens-schema.ts'
import { screenList, type Screen } from '@stagewatch/shared/contract/screen.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventuallyWithin } from '../harness/eventually.ts'
import { isNight, skipUnless } from '../harness/skip.ts'
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
const withoutDisplay = ['--headless', '--no-sandbox', '--disable-gpu']

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

// Chromium writes its storage to the disk only after most of a minute.
const reason = canRun ? 'the command lines for screens (at night)' : 'the command lines for screens (no Chromium)'

describe.each(commands)('Chromium as started by $name', ({ args }) => {
  describe('in front of a server', skipUnless(canRun && isNight, reason), () => {
    let server: StartedServer
    let lead: string
    let data: string
    let child: ChildProcess | undefined

    beforeAll(async () => {
      // Unauthenticated reads are off, so that the wall has to be paired.
      server = await startServer({ variables: { PUBLIC_URL: 'https://wall.example' } })
      lead = await server.createKey(['admin'])
      data = await mkdtemp(join(tmpdir(), 'stagewatch-kiosk-'))
    })
    afterAll(async () => {
      await kill()
      await server.close()
      await rm(data, { recursive: true, force: true, maxRetries: 5 })
    })

    it('shows a wall that is still paired after the power has failed', { timeout: 6 * startWithinMs }, async () => {
      start()
      const [asked] = await eventuallyWithin(startWithinMs, async () => {
        const found = await pairings()
        expect(found).toHaveLength(1)
        return found
      })
      expect((await approve(server, lead, { userCode: asked!.userCode })).status).toBe(200)
      await eventuallyWithin(startWithinMs, async () => expect((await screens())[0]?.report).toBeDefined())
      // Chromium writes its storage to the disk up to a minute later.
      await eventuallyWithin(2 * startWithinMs, async () => expect(await stored()).toContain('"token":'))

      await expectPairedAfterPowerCut()

      // The token is eight days old, so it is replaced. The page uses the new one before it is on the disk.
      const rows = drizzleOn(server.database)
      await rows.update(screenRows).set({ tokenIssuedAt: Date.now() - 8 * 86_400_000 })
      await eventuallyWithin(startWithinMs, async () => {
        const [row] = await rows.select().from(screenRows)
        expect((await screens())[0]?.lastSeenAt).toBeGreaterThan(row?.nextTokenIssuedAt ?? Infinity)
      })
      await expectPairedAfterPowerCut()
    })

    async function expectPairedAfterPowerCut(): Promise<void> {
      await kill()
      const killedAt = Date.now()
      start()
      await eventuallyWithin(startWithinMs, async () => {
        expect((await screens())[0]?.lastSeenAt).toBeGreaterThan(killedAt)
      })
      expect(await screens()).toHaveLength(1)
      expect((await pairings()).filter(({ state }) => state === 'pending')).toEqual([])
    }

    function start(): void {
      child = spawn(program!, [...args({ url: server.url, data }), ...withoutDisplay], { stdio: 'ignore' })
    }

    /** Like a power failure: Chromium has no chance to write anything. */
    async function kill(): Promise<void> {
      if (child === undefined || child.exitCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }

    function pairings() {
      return drizzleOn(server.database).select().from(screenPairings)
    }

    async function screens(): Promise<readonly Screen[]> {
      return screenList.parse((await call(`${server.url}/api/v1/screens`, { key: lead })).body).screens
    }

    async function stored(): Promise<string> {
      const storage = join(data, 'Default/Local Storage/leveldb')
      const names = (await readdir(storage)).filter((name) => name.endsWith('.log'))
      return (await Promise.all(names.map((name) => readFile(join(storage, name), 'latin1')))).join('')
    }
  })
})
