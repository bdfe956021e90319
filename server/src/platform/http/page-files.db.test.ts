import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from '@stagewatch/db/database.ts'
import { openTestDatabase } from '@stagewatch/db/test-database.ts'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { PageFiles } from './page-files.ts'

let database: Database
beforeAll(async () => (database = await openTestDatabase()))
afterAll(() => database.close())

/** An instance whose build consists of these files. */
async function instanceWith(files: Readonly<Record<string, string>>): Promise<PageFiles> {
  const folder = await mkdtemp(join(tmpdir(), 'page-files-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return new PageFiles(database, folder)
}

const stored = async () =>
  (await database.query<{ name: string }>('select name from page_files order by name')).map(({ name }) => name)

describe('scripts and styles of the pages', () => {
  it('of one version are found by instances of another one, unless the database belongs to a single instance', async () => {
    const older = await instanceWith({ 'desk-old.js': 'export const a = 1', 'font-1.woff2': 'font' })
    const newer = await instanceWith({ 'desk-new.js': '订单', 'desk-new.css': 'a {}' })
    await older.share()
    await newer.share()
    await newer.share()
    const found = await Promise.all(
      [older.find('desk-new.js'), older.find('desk-new.css'), newer.find('desk-old.js')].map(async (file) => {
        const { type = '', content = '' } = (await file) ?? {}
        return `${type}: ${String(content)}`
      }),
    )
    const onPostgresql = [
      'application/javascript; charset=utf-8: 订单',
      'text/css; charset=utf-8: a {}',
      'application/javascript; charset=utf-8: export const a = 1',
    ]
    expect(found).toEqual(database.kind === 'postgresql' ? onPostgresql : [': ', ': ', ': '])
    expect(await newer.find('font-1.woff2')).toBeUndefined()
    expect(await newer.find('desk-none.js')).toBeUndefined()
  })

  it('of versions that have not run for a month are deleted, those that are served are not', async () => {
    const newer = await instanceWith({ 'desk-new.js': 'new' })
    await newer.share()
    await database.query(`insert into page_files (name, content) values ('desk-older.js', '') on conflict do nothing`)
    await database.query(`update page_files set served_at = now() - interval '31 days'`)
    await newer.deleteOld()
    expect(await stored()).toEqual(database.kind === 'postgresql' ? ['desk-new.js'] : ['desk-older.js'])
  })
})
