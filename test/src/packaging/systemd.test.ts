import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { environmentSchema, parseEnvironment } from '@stagewatch/server/platform/environment.ts'
import { describe, expect, it } from 'vitest'
import { skipUnless } from '../harness/skip.ts'

const folder = join(import.meta.dirname, '../../../packaging/systemd')
const unit = readFileSync(join(folder, 'stagewatch.service'), 'utf8')
const settings = readFileSync(join(folder, 'stagewatch.env'), 'utf8')
/** Of 100; systemd calls up to 20 "OK". */
const maxExposure = 20

function valueOf(name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
}

describe('the systemd unit', () => {
  it('starts the server where its data is', () => {
    expect(valueOf('WorkingDirectory')).toBe(`/var/lib/${valueOf('StateDirectory')}`)
    expect(parseEnv(settings)['DATA_DIR']).toBe(valueOf('WorkingDirectory'))
    expect(settings).toContain(valueOf('EnvironmentFile'))
    expect(unit).toMatch(/^User=stagewatch$/m)
  })

  it('gives the server longer to stop than it takes', () => {
    const main = readFileSync(join(folder, '../../server/src/main.ts'), 'utf8')
    const [, closeWithinMs = ''] = /closeWithinMs = ([\d_]+)/.exec(main) ?? []
    expect(Number(valueOf('TimeoutStopSec')) * 1000).toBeGreaterThan(Number(closeWithinMs.replaceAll('_', '')))
  })

  it('has settings that the server knows, those for PostgreSQL among them, without quotes', () => {
    const suggested = settings.replaceAll(/^#(?=[A-Z_]+=)/gm, '').replace('SECRETS_KEY=', `$&${'A'.repeat(43)}=`)
    const variables = parseEnv(suggested)
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(['DATABASE_URL', 'SECRETS_KEY', 'PUBLIC_URL']))
    expect(Object.keys(variables).filter((name) => !Object.hasOwn(environmentSchema.shape, name))).toEqual([])
    expect(parseEnvironment(variables)).toMatchObject({ HOST: '0.0.0.0', DEMO: 'off' })
    // systemd and Node read quotes and backslashes differently.
    expect(settings).not.toMatch(/^[A-Z_]+=.*["'\\]/m)
  })

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
  it('is valid and restricts the server', skipUnless(hasSystemd, 'the systemd unit (no systemd-analyze)'), () => {
    const draft = mkdtempSync(join(tmpdir(), 'stagewatch-unit-'))
    const file = join(draft, 'stagewatch.service')
    try {
      // It checks that the program exists.
      writeFileSync(file, unit.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'))
      const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' })
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      execFileSync('systemd-analyze', ['security', '--offline=true', `--threshold=${maxExposure}`, file])
    } finally {
      rmSync(draft, { recursive: true })
    }
  })
})
