import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{docs,bench,client,db,packaging,server,shared,test}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})

describe('the documents', () => {
  it.each(pages)('of %s link to files that are there', (page) => {
    const text = readFileSync(join(root, page), 'utf8')
    const targets = [...text.matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = '']) => target)
    const files = targets.filter((target) => !/^[a-z]+:/.test(target))
    expect(files.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })
})
