import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentSchema } from '@stagewatch/server/platform/environment.ts'

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

  it('name every variable of the environment', () => {
    const text = readFileSync(join(root, 'docs/getting-started.md'), 'utf8')
    const documented = [...text.matchAll(/^\| `([A-Z_]+)` +\|/gm)].map(([, name]) => name)
    expect(documented).toEqual(Object.keys(environmentSchema.shape))
  })
})
