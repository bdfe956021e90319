import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join(import.meta.dirname, '../../../client/src')

/** Where an instant of the device's clock is right, because it is compared with another one of that clock. */
const comparedOnDevice: ReadonlySet<string> = new Set(['features/screens/pairing-approval.tsx'])

const sources = globSync('**/*.{ts,tsx}', { cwd: folder, exclude: ['**/*.test.*', '**/testing/**'] })
  .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }))
  .filter(({ text }) => text.includes('UpdatedAt'))

/** Uses of the time at which a query was answered, other than by the clock of the server. */
function usesByDevice(text: string): string[] {
  const byServer = /serverTime\((?:[^()]|\([^()]*\))*\)/g
  // Taking the field out of the query is no use of it.
  const taken = /\{[^{}=]*UpdatedAt[^{}=]*\}(?=[^{}]*\}?\s*[:=]\s)/g
  return (
    text
      .replaceAll(byServer, '')
      .replaceAll(taken, '')
      .match(/[\w.]*UpdatedAt/g) ?? []
  )
}

describe('the time at which a query was answered', () => {
  it('is found where it is used by the clock of the device', () => {
    expect(usesByDevice('<Editor now={query.dataUpdatedAt} />')).toEqual(['query.dataUpdatedAt'])
    expect(usesByDevice('const now = serverTime(Math.max(board.dataUpdatedAt, board.errorUpdatedAt))')).toEqual([])
    expect(usesByDevice('const { data, dataUpdatedAt, isError } = start')).toEqual([])
  })

  // The device may be hours off, and everything on the page is by the clock of the server.
  it.each(sources.filter(({ path }) => !comparedOnDevice.has(path)))(
    'is shown and compared by the clock of the server: $path',
    ({ text }) => {
      expect(usesByDevice(text)).toEqual([])
    },
  )

  it('is read by many pages', () => {
    expect(sources.length).toBeGreaterThan(30)
    expect(sources.map(({ path }) => path)).toEqual(expect.arrayContaining([...comparedOnDevice]))
  })
})
