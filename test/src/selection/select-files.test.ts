import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import nightly from './nightly-files.json' with { type: 'json' }
import { root } from './recording.ts'
import type { RecordedFile, Span } from './recording.ts'
import { selectFiles } from './select-files.ts'

function recorded(file: string, seconds: number, executed: Readonly<Record<string, readonly Span[]>>): RecordedFile {
  return { file, seconds, executed }
}

function namesOf(files: readonly RecordedFile[], before: readonly RecordedFile[], maxSeconds: number): string[] {
  return selectFiles(files, before, maxSeconds).selected.map(({ file }) => file)
}

describe('the files that run by day', () => {
  test('are those that execute most per second, each counted after the ones before it', () => {
    // Of 100 characters, `broad` executes 80 in 8 s, `cheap` 20 of these in 1 s, and `rest` the other 20 in 4 s.
    const broad = recorded('broad', 8, { 'a.ts': [[0, 80]] })
    const cheap = recorded('cheap', 1, { 'a.ts': [[10, 30]] })
    const rest = recorded('rest', 4, { 'a.ts': [[80, 100]] })
    const { selected, total } = selectFiles([rest, broad, cheap], [], 100)
    expect(total).toEqual({ client: 0, server: 100 })
    expect(selected.map(({ file, gain }) => [file, gain.server])).toEqual([
      ['cheap', 20],
      ['broad', 60],
      ['rest', 20],
    ])
    expect(namesOf([rest, broad, cheap], [], 9)).toEqual(['cheap', 'broad'])
    expect(namesOf([rest, broad, cheap], [], 5)).toEqual(['cheap', 'rest'])
  })

  test('leave out what is executed anyway or a second time, unless it is short', () => {
    const unit = recorded('unit', 9, { 'a.ts': [[0, 50]] })
    const same = recorded('same', 2, { 'a.ts': [[5, 40]] })
    const twice = recorded('twice', 2, {
      'a.ts': [
        [60, 70],
        [65, 70],
      ],
    })
    const again = recorded('again', 3, { 'a.ts': [[60, 70]] })
    const short = recorded('short', 0.4, { 'a.ts': [[5, 40]] })
    const { selected, total } = selectFiles([same, again, twice, short], [unit], 100)
    expect(total.server).toBe(10)
    expect(selected.map(({ file, gain }) => [file, gain.server])).toEqual([
      ['twice', 10],
      ['short', 0],
    ])
  })

  test('are weighed by their shares of the client and of the rest', () => {
    // A tenth of the client counts more than a twentieth of the server, although it is less.
    const page = recorded('page', 1, { '/assets/a.js': [[0, 10]] })
    const pages = recorded('pages', 9, { '/assets/a.js': [[10, 100]] })
    const request = recorded('request', 1, { 'server/a.ts': [[0, 50]] })
    const requests = recorded('requests', 19, { 'server/a.ts': [[50, 1000]] })
    expect(namesOf([request, page, requests, pages], [], 1)).toEqual(['page'])
  })

  test('leave files to the night that exist and have a database or a browser', () => {
    const wrong = Object.values(nightly)
      .flat()
      .filter((file) => !/\.(?:db|browser)\.test\.ts$/.test(file) || !existsSync(resolve(root, file)))
    expect(wrong).toEqual([])
  })
})
