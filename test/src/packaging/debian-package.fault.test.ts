import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv, promisify } from 'node:util'
import { packDebianFiles, stageDebianFiles } from '@stagewatch/packaging/make-debian-package.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BoardClient } from '../harness/board-client.ts'
import { freePort } from '../harness/free-port.ts'
import { isNight, skipUnless } from '../harness/skip.ts'

const run = promisify(execFile)
const minuteMs = 60_000
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const settings = '/etc/stagewatch/stagewatch.env'
const unitFile = '/usr/lib/systemd/system/stagewatch.service'
const enabled = '/etc/systemd/system/multi-user.target.wants/stagewatch.service'
const data = '/var/lib/stagewatch'

const hasTools = ['debootstrap', 'dpkg-deb', 'npm'].every((tool) => spawnSync('which', [tool]).status === 0)
const canInstall = isNight && process.platform === 'linux' && process.getuid?.() === 0 && hasTools

// Installed where nothing but Debian is. There is no systemd in it, so the test starts the server as the unit says.
describe(
  'the Debian package',
  skipUnless(canInstall, 'the Debian package (needs root, debootstrap and SOAK=full)'),
  () => {
    let folder = ''
    let debian = ''
    let port = 0
    let server: ChildProcess | undefined
    let version = ''
    const inside = (file: string): string => join(debian, file)
    const execute = (...words: readonly string[]) =>
      run('chroot', [debian, 'env', '-i', `PATH=${path}`, 'DEBIAN_FRONTEND=noninteractive', ...words])
    const stagewatch = async (...args: readonly string[]): Promise<string> => {
      const { stdout } = await execute('stagewatch', ...args)
      return stdout
    }

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'stagewatch-debian-'))
      debian = join(folder, 'root')
      port = await freePort()
      await stageDebianFiles(join(folder, 'files'))
      const file = await packDebianFiles(join(folder, 'files'), debian)
      const { stdout: release } = await run('sh', ['-c', '. /etc/os-release && echo "$VERSION_CODENAME"'])
      const { stdout: needed } = await run('dpkg-deb', ['--field', file, 'Depends'])
      const include = needed.trim().replaceAll(/ \([^)]*\)|\s/g, '')
      await rm(debian, { recursive: true })
      await run('debootstrap', ['--variant=minbase', `--include=${include}`, release.trim(), debian])
      await run('mount', ['-t', 'proc', 'proc', inside('proc')])
    }, 15 * minuteMs)

    afterAll(async () => {
      server?.kill('SIGKILL')
      // Nothing is deleted while it is mounted; it is not if the beginning failed.
      if (existsSync(inside('proc/self'))) await run('umount', [inside('proc')])
      await rm(folder, { recursive: true, force: true })
    })

    /** Packs what was staged, and installs it. */
    async function install(): Promise<void> {
      const manifest = await readFile(
        join(folder, 'files/opt/stagewatch/lib/node_modules/stagewatch/package.json'),
        'utf8',
      )
      version = (JSON.parse(manifest) as { version: string }).version
      const file = await packDebianFiles(join(folder, 'files'), inside('root'))
      await execute('dpkg', '--install', file.slice(debian.length))
    }

    /** Starts the server as systemd does: the program, user, folder and settings of the unit. */
    async function start(): Promise<void> {
      const unit = parseEnv(await readFile(inside(unitFile), 'utf8'))
      const variables = Object.entries(parseEnv(await readFile(inside(unit['EnvironmentFile'] ?? ''), 'utf8')))
      const user = [
        'setpriv',
        `--reuid=${unit['User']}`,
        `--regid=${unit['Group']}`,
        '--clear-groups',
        '--no-new-privs',
      ]
      const command = `cd ${unit['WorkingDirectory']} && exec ${unit['ExecStart']}`
      const environment = [`PATH=${path}`, ...variables.map(([name, value]) => `${name}=${value ?? ''}`)]
      server = spawn('chroot', [debian, 'env', '-i', ...environment, ...user, 'sh', '-c', command], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      let printed = ''
      server.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
      while (!printed.includes('Stagewatch is running')) {
        if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}: ${printed}`)
        await Promise.race([once(server, 'close'), once(server.stdout ?? server, 'data')])
      }
      expect(printed).toContain('"createKey":"stagewatch key create')
    }

    async function stop(): Promise<void> {
      server?.kill('SIGTERM')
      if (server?.exitCode === null) await once(server, 'close')
      expect(server?.exitCode).toBe(0)
    }

    /** Owner, group and mode of a file. */
    async function accessOf(file: string): Promise<string> {
      const { stdout } = await execute('stat', '--format=%U %G %a', file)
      return stdout.trim()
    }

    it('installs a user, its settings and a program that needs no other Node', { timeout: 5 * minuteMs }, async () => {
      await install()
      expect(await accessOf(data)).toBe('stagewatch stagewatch 700')
      expect(await accessOf(settings)).toBe('root stagewatch 640')
      expect(await accessOf('/opt/stagewatch/bin/node')).toBe('root root 755')
      await expect(execute('which', 'node')).rejects.toThrow('Command failed')
      // Through /lib, which is a link.
      const { stdout: started } = await execute('readlink', '--canonicalize', enabled)
      expect(started).toBe(`${unitFile}\n`)
      expect(await stagewatch('--version')).toBe(`${version}\n`)
      const asNobody = run('chroot', ['--userspec=nobody', debian, '/usr/bin/stagewatch', 'doctor'])
      await expect(asNobody).rejects.toThrow('use sudo stagewatch')
    })

    it(
      'shows a live board, and takes commands with the settings of the service',
      { timeout: 3 * minuteMs },
      async () => {
        const url = `http://127.0.0.1:${port}`
        const text = await readFile(inside(settings), 'utf8')
        const edited = text.replace(/^PORT=.*$/m, `PORT=${port}`).replace(/^PUBLIC_URL=.*$/m, `PUBLIC_URL=${url}`)
        await writeFile(inside(settings), edited.replace(/^HOST=.*$/m, 'HOST=127.0.0.1'))
        await start()
        const user = Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${server?.pid}/status`, 'utf8'))?.[1])
        expect(user).toBe((await stat(inside(data))).uid)
        const created = await stagewatch('key', 'create', '--name', 'first', '--scope', 'ingest,read', '--json')
        const { key } = JSON.parse(created) as { key: string }
        const screen = new BoardClient({ url, token: key })
        try {
          expect((await screen.join()).stages).toEqual({})
          await writeFile(inside('tmp/log.csv'), 'order_id,stage,timestamp\nSO-1,pick,2026-01-02T08:00:00Z\n')
          expect(await stagewatch('import', '/tmp/log.csv', '--discover', '--json')).toContain('"accepted":1')
          await screen.until(({ stages }) => stages['pick']?.wip === 1)
        } finally {
          screen.close()
        }
        expect((await fetch(`${url}/wall`)).status).toBe(200)
        expect(await stagewatch('doctor')).toContain('tables: 1 order')
        await stop()
      },
    )

    it('upgrades without touching settings and data', { timeout: 5 * minuteMs }, async () => {
      const manifest = join(folder, 'files/opt/stagewatch/lib/node_modules/stagewatch/package.json')
      const [major = '', minor = ''] = version.split('.')
      const next = `${major}.${Number(minor) + 1}.0`
      await writeFile(
        manifest,
        (await readFile(manifest, 'utf8')).replace(`"version": "${version}"`, `"version": "${next}"`),
      )
      await appendFile(inside(settings), '# Edited by an administrator.\n')
      const edited = await readFile(inside(settings), 'utf8')
      await install()
      expect(await readFile(inside(settings), 'utf8')).toBe(edited)
      await start()
      expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toMatchObject({ version: next })
      expect(await stagewatch('doctor')).toContain('tables: 1 order')
      await stop()
    })

    it('keeps settings and data when it is removed, and deletes both when it is purged', async () => {
      await execute('dpkg', '--remove', 'stagewatch')
      expect([unitFile, '/opt/stagewatch', '/usr/bin/stagewatch'].filter((file) => existsSync(inside(file)))).toEqual(
        [],
      )
      expect([settings, data].filter((file) => existsSync(inside(file)))).toEqual([settings, data])
      await execute('dpkg', '--purge', 'stagewatch')
      expect(['/etc/stagewatch', data].filter((file) => existsSync(inside(file)))).toEqual([])
      await expect(readlink(inside(enabled))).rejects.toThrow('ENOENT')
      // Backups elsewhere may belong to it.
      await execute('id', 'stagewatch')
    })
  },
)
