import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { z } from 'zod'

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }))

const rules = {
  all: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
  /** Rules that depend on the theme: themes differ only in their colours. */
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const

/** Accessibility violations of a page by WCAG 2.2 AA: the rule and an element that breaks it. */
export async function axeViolations(
  page: Page,
  part = '#content',
  looksAt: keyof typeof rules = 'all',
): Promise<[rule: string, html: string | undefined][]> {
  // Elements that are fading in have low contrast for a moment.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ effect, playState }) => {
      const isEndless = effect?.getComputedTiming().iterations === Infinity
      return isEndless || playState !== 'running'
    }),
  )
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axeSource)
  const options = JSON.stringify({ runOnly: rules[looksAt], resultTypes: ['violations'] })
  const found: unknown = await page.evaluate(`axe.run('${part}', ${options}).then((result) => result.violations)`)
  return violations.parse(found).map(({ id, nodes }) => [id, nodes[0]?.html])
}
