import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { diagramOf } from '../../docs/.vitepress/diagrams.ts'

const docs = join(import.meta.dirname, '../../docs')
const diagrams = globSync('**/*.md', { cwd: docs }).flatMap((path) =>
  [...readFileSync(join(docs, path), 'utf8').matchAll(/^```mermaid\n([^]*?)^```$/gm)].map(([, source = '']) => ({
    path,
    source,
  })),
)

it.each(diagrams)(
  'the diagram in $path is drawn without styles and without anything from the internet',
  ({ source }) => {
    const svg = diagramOf(source)
    expect(svg).toMatch(/^<svg [^>]*viewBox=/)
    expect(svg).not.toMatch(/<style|@import|href=|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  },
)

it('a diagram whose label is not drawn is an error', () => {
  expect(diagramOf('flowchart LR\n  a["First"] --> b["Second"]\n')).toContain('Second')
  // The first mention of b has no label.
  expect(() => diagramOf('flowchart LR\n  a["First"] --> b\n  b["Second"]\n')).toThrow('"Second"')
})
