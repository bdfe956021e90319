import { parseSync } from '@swc/core'
import { globSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pseudoText } from './testing/pseudo-locale.ts'

/** Attributes whose texts users see or hear. */
const shownAttributes = new Set(['alt', 'aria-label', 'description', 'label', 'legend', 'placeholder', 'title'])
/** The same in every language. */
const universal = new Set(['Stagewatch', 'XXXX-XXXX', 'F11'])
/** Commands that people type on the server. */
const isCommand = /^stagewatch [a-z]+ /

/** Texts in component code that do not come from the locale files. */
function literalTexts(code: string): string[] {
  const found: string[] = []
  visit(parseSync(code, { syntax: 'typescript', tsx: true }))
  return found.filter((text) => /\p{L}{2}/u.test(text) && !universal.has(text.trim()) && !isCommand.test(text.trim()))

  function visit(node: unknown): void {
    if (Array.isArray(node)) {
      node.forEach(visit)
      return
    }
    if (typeof node !== 'object' || node === null) return
    const { type, value, name } = node as { type?: string; value?: unknown; name?: { value?: string } }
    if (type === 'JSXText' && typeof value === 'string') found.push(value)
    if (type === 'JSXAttribute' && shownAttributes.has(name?.value ?? '') && isText(value)) found.push(value.value)
    Object.values(node).forEach(visit)
  }
}

function isText(node: unknown): node is { readonly value: string } {
  return typeof node === 'object' && node !== null && 'type' in node && node.type === 'StringLiteral'
}

it('every text of a component comes from the locale files', () => {
  const files = globSync('client/src/**/*.tsx').filter((path) => !/\.test\.tsx$|\/testing\//.test(path))
  expect(files.length).toBeGreaterThan(80)
  const found = files.flatMap((file) =>
    literalTexts(readFileSync(file, 'utf8')).map((text) => `${file}: ${text.trim()}`),
  )
  expect(found).toEqual([])
})

it('a text beside the locale files is found', () => {
  expect(literalTexts('const a = <p title="A hint">{t("x")} Some words</p>')).toEqual(['A hint', ' Some words'])
})

it('a pseudo text keeps its values and is at least 40 % longer', () => {
  expect(pseudoText('{{count}} stages')).toMatch(/^⟦\{\{count\}\} štágéš( ~)+⟧$/)
  expect(pseudoText('Permissions').length).toBeGreaterThan('Permissions'.length * 1.4)
})
