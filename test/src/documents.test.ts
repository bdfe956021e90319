import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['*.md', '{docs,bench,client,db,packaging,server,shared,test}/**/*.md'], {
  cwd: root,
  exclude: ['**/node_modules/**'],
})

const textOf = (page: string): string => readFileSync(join(root, page), 'utf8')

describe('the documents', () => {
  it.each(pages)('of %s link to files that are there', (page) => {
    const targets = [...textOf(page).matchAll(/\]\(([^)\s#]+)[^)]*\)/g)].map(([, target = '']) => target)
    const files = targets.filter((target) => !/^[a-z]+:/.test(target))
    expect(files.filter((target) => !existsSync(join(root, dirname(page), target)))).toEqual([])
  })
})

const chinesePage = (page: string): string => page.replace(/\.md$/, '.zh-CN.md')

/** Records for those who work on the code, which are written once and not changed any more. */
const onlyInEnglish = /^docs\/decisions\//
const documents = pages.filter((page) => page.startsWith('docs/') && !page.endsWith('.zh-CN.md'))
const bilingual = documents.filter((page) => !onlyInEnglish.test(page))

describe('the documentation in Chinese', () => {
  it.each(bilingual)('has %s, and both link to each other', (page) => {
    expect(existsSync(join(root, chinesePage(page)))).toBe(true)
    const [english, chinese] = [page, chinesePage(page)].map((path) => path.slice(path.lastIndexOf('/') + 1))
    expect(textOf(page)).toContain(`\n[中文](${chinese})\n`)
    expect(textOf(chinesePage(page))).toContain(`\n[English](${english})\n`)
  })

  it.each(bilingual)('has no link to an English page that is there in Chinese as well: %s', (page) => {
    const path = chinesePage(page)
    const targets = [...textOf(path).matchAll(/\[([^\]]*)\]\(([^)\s#]+\.md)[^)]*\)(（英文）)?/g)]
    const links = targets.filter(
      ([, text = '', target = '', note]) =>
        !target.endsWith('.zh-CN.md') &&
        text !== 'English' &&
        note === undefined &&
        !text.includes('英文') &&
        existsSync(join(root, dirname(path), chinesePage(target))),
    )
    expect(links.map(([link]) => link)).toEqual([])
  })

  // The Chinese list of commands is shorter: their help, which the English page consists of, is in English.
  it.each(bilingual.filter((page) => page !== 'docs/reference/commands.md'))(
    'has every heading, row and block of code of %s',
    (page) => {
      expect(outlineOf(textOf(chinesePage(page)))).toEqual(outlineOf(textOf(page)))
    },
  )

  it.each(
    [
      'architecture',
      'glossary',
      'operating/bi-views',
      'operating/limits',
      'operating/metrics',
      'operating/retention',
      'reference/configuration',
      'reference/faults-and-bad-input',
    ].map((name) => `docs/${name}.md`),
  )('has the tables of %s', (page) => {
    const english = rowsOf(textOf(page))
    const chinese = rowsOf(textOf(chinesePage(page)))
    expect(english.length).toBeGreaterThan(10)
    expect(chinese.map((row) => [row.length, ...factsOf(row)])).toEqual(
      english.map((row) => [row.length, ...factsOf(row)]),
    )
  })

  it('explains the terms of the glossary', () => {
    const terms = rowsOf(textOf('docs/glossary.md')).map(([, term]) => term)
    const explained = rowsOf(textOf('docs/glossary.zh-CN.md')).map(([term = '']) => term.split('：', 1)[0])
    expect(explained).toEqual(terms)
  })
})

/** What a page consists of, in its order: levels of headings, languages of code, and numbers of cells. */
function outlineOf(text: string): string[] {
  let isCode = false
  return text.split('\n').flatMap((line) => {
    if (line.startsWith('```')) {
      isCode = !isCode
      return isCode ? [line] : []
    }
    if (isCode) return []
    if (line.startsWith('|')) return [`row of ${line.split(/(?<!\\)\|/).length - 2}`]
    return /^#+(?= )/.exec(line) ?? []
  })
}

/** The rows of all tables of a page. */
function rowsOf(text: string): string[][] {
  const rows = [...text.matchAll(/^\| (?!-)(.*) \|$/gm)].map(([, cells = '']) => cells)
  return rows.map((cells) => cells.split(/(?<!\\)\|/).map((cell) => cell.trim()))
}

/** What both languages have in common: code and figures, in any order. */
function factsOf(row: readonly string[]): string[] {
  const facts = row.join(' ').match(/`[^`]+`|\d[\d,.]*(?!\d)/g) ?? []
  return facts.map((fact) => fact.replace(/[,.]$/, '')).toSorted()
}
