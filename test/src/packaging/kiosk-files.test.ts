import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { skipUnless } from '../harness/skip.ts'

const folder = join(import.meta.dirname, '../../../packaging/kiosk')
const textOf = (path: string): string => readFileSync(join(folder, path), 'utf8')
const unit = textOf('linux/stagewatch-wall.service')
const scripts = ['windows/start-wall.ps1', 'windows/set-up-wall.ps1'] as const

/** Options of Chromium that do not depend on the machine. */
function optionsIn(text: string): string[] {
  const options = [...text.matchAll(/(?<![\w-])--[a-z][\w-]*(?:=[\w-]+)?/g)].map(([option]) => option)
  const ofMachine = /^--(user-data-dir|ozone-platform|password-store)/
  return options.filter((option) => !ofMachine.test(option)).toSorted()
}

describe('the files for screens', () => {
  it('start Chromium in the same way on every machine', () => {
    const [, command = ''] = /^ExecStart=([^]*?)^Restart=/m.exec(unit) ?? []
    const [, list = ''] = /\$arguments = @\(([^]*?)\n\)/.exec(textOf(scripts[0])) ?? []
    const [, launch = ''] = /AutoLaunchArguments="([^"]*)"/.exec(textOf('windows/assigned-access.xml')) ?? []
    expect(optionsIn(command)).toContain('--kiosk')
    expect(optionsIn(list)).toEqual(optionsIn(command))
    expect(optionsIn(launch)).toEqual(optionsIn(command))
    // A private window would lose the pairing whenever it is closed.
    for (const text of [command, list, launch]) expect(text).not.toMatch(/incognito|inprivate|edge-kiosk/i)
  })

  const hasSystemd = process.platform === 'linux' && spawnSync('systemd-analyze', ['--version']).status === 0
  it('have a valid systemd unit', skipUnless(hasSystemd, 'the unit of a wall (no systemd-analyze)'), () => {
    const draft = mkdtempSync(join(tmpdir(), 'stagewatch-wall-'))
    try {
      const file = join(draft, 'stagewatch-wall.service')
      cpSync(join(folder, 'linux/stagewatch-wall.service'), file)
      // It checks that the program exists, which is not Chromium here.
      execFileSync('sed', ['-i', 's|^ExecStart=/usr/bin/chromium |ExecStart=/bin/true |', file])
      mkdirSync(join(draft, 'run'))
      const env = { ...process.env, HOME: draft, XDG_RUNTIME_DIR: join(draft, 'run') }
      const { status, stderr } = spawnSync('systemd-analyze', ['--user', 'verify', '--man=no', file], {
        env,
        encoding: 'utf8',
      })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    } finally {
      rmSync(draft, { recursive: true })
    }
  })

  it('name each other, and the variable that both files of Linux use', () => {
    expect(textOf('linux/stagewatch-wall.env')).toMatch(/^WALL_URL=https:\/\/[^/]+$/m)
    expect(unit).toContain('EnvironmentFile=%E/stagewatch-wall.env')
    expect(textOf('linux/labwc-autostart')).toContain('stagewatch-wall.service')
    const setUp = textOf(scripts[1])
    for (const name of ['start-wall.ps1', 'wall-task.xml', 'WALL_USER', 'WALL_URL'])
      expect(setUp).toContain(`'${name}'`)
    expect(textOf('windows/wall-task.xml')).toMatch(
      /-File "C:\\ProgramData\\StagewatchWall\\start-wall\.ps1" -Url WALL_URL</,
    )
  })

  it.each(['windows/wall-task.xml', 'windows/assigned-access.xml'])('are well-formed XML: %s', (path) => {
    const names: string[] = []
    const parser = new SaxesParser({ xmlns: true })
    parser.on('error', (error) => {
      throw error
    })
    parser.on('opentag', ({ name }) => names.push(name))
    parser.write(textOf(path)).close()
    expect(names.length).toBeGreaterThan(5)
  })

  it.each(scripts)('have brackets and strings that are closed: %s', (path) => {
    expect(openIn(textOf(path))).toBe('')
  })
})

/** Brackets and quotes of a PowerShell script that are still open at its end, or the first one that closes wrongly. */
function openIn(script: string): string {
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
  let open = ''
  const tokens = script.matchAll(/#.*|'(?:[^'\n]|'')*'|"(?:[^"`\n]|`.|"")*"|['"()[\]{}]/g)
  for (const [token] of tokens) {
    if (token.length > 1) continue
    const opener = pairs[token]
    if (opener === undefined) open += token
    else if (open.endsWith(opener)) open = open.slice(0, -1)
    else return `${open}${token}`
  }
  return open
}
