import { posix } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { sitePath } from './page-paths.ts'

/**
 * Leads links between files to the pages of the site. VitePress resolves relative links by the path of a page on the
 * site, GitHub by that of its file. A link to a file outside of `docs`, such as a test, is shown as text; one to another
 * kind of file downloads it.
 */
export function linksToPages(markdown: MarkdownRenderer, pages: readonly string[]): void {
  markdown.core.ruler.push('links-to-pages', ({ tokens, env }) => {
    const { realPath, relativePath } = env as { realPath?: string; relativePath: string }
    const file = pages.find((path) => sitePath(path) === relativePath || (realPath?.endsWith(`/docs/${path}`) ?? false))
    if (file === undefined) return
    for (const { children } of tokens) {
      if (children === null) continue
      let outside = false
      for (const token of children) {
        if (token.type === 'link_close' && outside) {
          token.tag = 'span'
          outside = false
        }
        // Without it, Vue would evaluate code such as `{{name}}`.
        if (token.type === 'code_inline') token.attrSet('v-pre', '')
        const target = token.type === 'link_open' ? token.attrGet('href') : null
        if (target === null || /^([a-z]+:|#|\/)/.test(target)) continue
        const [path = '', anchor] = target.split('#')
        const resolved = posix.join(posix.dirname(file), decodeURI(path))
        outside = resolved.startsWith('../')
        if (outside) Object.assign(token, { tag: 'span', type: 'outside_open', attrs: [] })
        else if (resolved.endsWith('.md'))
          token.attrSet('href', `/${sitePath(resolved)}${anchor === undefined ? '' : `#${anchor}`}`)
        else {
          token.attrSet('href', `/${resolved}`)
          token.attrSet('download', '')
        }
      }
    }
  })
}

/** GitHub's anchor of a heading, so that one link works in both places. */
export function githubSlug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
    .replaceAll(' ', '-')
}
