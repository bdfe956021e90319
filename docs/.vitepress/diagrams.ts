import { renderMermaidSVG } from 'beautiful-mermaid'
import type { MarkdownRenderer } from 'vitepress'

/**
 * Draws blocks of Mermaid while the site is built, as SVG within the page: nothing is loaded by the browser, and no
 * browser is needed to build. The colors are in `site.css`.
 */
export function drawDiagrams(markdown: MarkdownRenderer): void {
  const { fence } = markdown.renderer.rules
  markdown.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index]
    if (token?.info.trim() === 'mermaid') return `<div class="diagram" v-pre>${diagramOf(token.content)}</div>\n`
    return fence?.(tokens, index, options, env, self) ?? ''
  }
}

/** @throws if a label is missing in the drawing. */
export function diagramOf(source: string): string {
  // The style imports a font from the internet, and Vue allows no style in a page.
  const svg = renderMermaidSVG(source, { transparent: true })
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/ style="--bg:[^"]*"/, '')
  const labels = [...source.matchAll(/"([^"]+)"/g)].flatMap(([, label = '']) => label.split(/<br\/?>/))
  const missing = labels.map((label) => label.replaceAll(/<[^>]*>/g, '')).filter((label) => !svg.includes(label))
  // Unlike in Mermaid, the first mention of a node decides about its label.
  if (missing.length > 0)
    throw new Error(`the diagram has no "${missing.join('", "')}": label a node where it is first named`)
  return svg
}
