import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { clientBuild } from './client-build.ts'

/** The build derived from this content of the wall's page. */
function buildOf(page: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'wall-page-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'wall.html'), page)
  return clientBuild(join(folder, 'wall.html'))
}

it('the build of the wall is named by the script that its page starts', () => {
  const page = `<!doctype html><script src="/watchdog-1.js"></script>
    <script type="module" crossorigin src="/assets/wall-C0ffee.js"></script>
    <link rel="modulepreload" crossorigin href="/assets/react-1.js">`
  expect(buildOf(page)).toBe('wall-C0ffee.js')
})

it('a page that starts no script names none, and neither does one that is not there', () => {
  expect(buildOf('<!doctype html><h1>Maintenance</h1>')).toBe('unknown')
  expect(clientBuild('/nowhere/wall.html')).toBe('development')
})
