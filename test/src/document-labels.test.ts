import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const pages = globSync(['docs/tutorials/*.md', 'docs/using/*.md'], { cwd: root }).toSorted()

/** Bold texts that name nothing on a page. */
const emphasized = new Set([
  'Keep an event until its request was answered with `200`',
  'Give every event an `id` that never changes',
  'Look at `results`',
  'Other names grant permissions',
  'or',
  'draft',
  'decline',
  '收到 `200` 之前，一直保留这条事件',
  '每条事件的 `id` 固定不变',
  '检查 `results`',
  '其他名称会带来权限',
])

/** The texts of pages in a language, as they are shown with any values. */
function textsOf(language: string): RegExp {
  const files = globSync([`client/src/locales/${language}/*.json`, 'shared/src/domain/**/*-names.json'], { cwd: root })
  const texts = files.flatMap((file) => stringsOf(JSON.parse(readFileSync(join(root, file), 'utf8'))))
  // A text that consists of values only would match everything.
  const named = texts.filter((text) => text.replaceAll(/\{\{.*?\}\}|[^\p{L}]/gu, '').length > 1)
  const patterns = named.map((text) =>
    text
      .replace(/ ?(?:[(（]\{\{[^{}]*\}\}[)）]|（工时）|\{\{value\}\}|…)$/, '')
      .split(/\{\{.*?\}\}/)
      .map((part) => RegExp.escape(part))
      .join('.{1,9}'),
  )
  return new RegExp(`^(?:${[...new Set(patterns)].join('|')})$`)
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : []
}

const shown = { en: textsOf('en'), zh: textsOf('zh-CN') }

it.each(pages)('%s calls what is on a page by its name', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const isShown = basename(page).endsWith('.zh-CN.md') ? shown.zh : shown.en
  const bold = [...text.matchAll(/\*\*([^*\n]{2,60})\*\*/g)].map(([, words = '']) => words.replace(/[.。：:]$/, ''))
  const labels = bold.flatMap((words) => (emphasized.has(words) ? [] : words.split(' › ')))
  const unknown = labels.filter((label) => !isShown.test(label))
  expect([...new Set(unknown)]).toEqual([])
})
