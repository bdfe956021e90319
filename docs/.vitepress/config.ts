import { cpSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig, type DefaultTheme } from 'vitepress'
import { drawDiagrams } from './diagrams.ts'
import { chinesePath, isChinese, sitePath } from './page-paths.ts'
import { githubSlug, linksToPages } from './page-links.ts'
import { indexTokens, queryTokens } from './search-tokens.ts'
import { sections, type Section } from './sections.ts'

const docs = join(import.meta.dirname, '..')

/** For readers of the repository only: the Chinese counterpart of the root's README. */
const excluded = ['README.zh-CN.md']

const files = readdirSync(docs, { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => !path.startsWith('.') && !excluded.includes(path))
const pages = files.filter((path) => path.endsWith('.md'))
/** Configuration files that pages link to. */
const downloads = files.filter((path) => /\.(cfg|conf|yaml)$|\/Caddyfile$/.test(path))

checkSections()

export default defineConfig({
  title: 'Stagewatch',
  description: 'Which orders are stuck, where, since when, and who has them',
  srcExclude: excluded,
  cacheDir: join(docs, '../node_modules/.cache/vitepress'),
  rewrites: sitePath,
  lastUpdated: false,
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { sidebar: sidebar('en') } },
    zh: {
      label: '中文',
      lang: 'zh-CN',
      title: 'Stagewatch 订单时效看板',
      description: '哪些订单卡住了，卡在哪里，从何时起，在谁手上',
      themeConfig: {
        sidebar: sidebar('zh'),
        outline: { label: '本页目录' },
        docFooter: { prev: '上一页', next: '下一页' },
        returnToTopLabel: '回到顶部',
        sidebarMenuLabel: '目录',
        darkModeSwitchLabel: '外观',
        lightModeSwitchTitle: '切换到浅色',
        darkModeSwitchTitle: '切换到深色',
        langMenuLabel: '语言',
        notFound: { title: '页面不存在', quote: '请检查地址，或从首页开始查找。', linkText: '回到首页' },
      },
    },
  },
  markdown: {
    anchor: { slugify: githubSlug },
    languageAlias: { promql: 'txt' },
    config: (markdown) => markdown.use(linksToPages, pages).use(drawDiagrams),
  },
  transformHtml: checkResources,
  buildEnd: ({ outDir }) => {
    for (const path of downloads) cpSync(join(docs, path), join(outDir, path))
  },
  themeConfig: {
    outline: [2, 3],
    // Some pages are in English only; from these, the language menu leads to the Chinese start page.
    translated: pages.filter((path) => pages.includes(chinesePath(path))),
    i18nRouting: ({ theme, page }, _route, language) => {
      const path = page.value.relativePath.replace(/^zh\//, '')
      const exists = language === 'root' || theme.value.translated.includes(path)
      return (
        (language === 'root' ? '/' : '/zh/') + (exists ? path : '').replace(/index\.md$/, '').replace(/md$/, 'html')
      )
    },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize: indexTokens },
          searchOptions: {
            tokenize: queryTokens,
            combineWith: 'AND',
            fuzzy: 0.2,
            prefix: true,
            boost: { title: 4, text: 2, titles: 1 },
          },
        },
        locales: {
          zh: {
            translations: {
              button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
              modal: {
                displayDetails: '显示详细内容',
                resetButtonTitle: '清空',
                backButtonTitle: '关闭',
                noResultsText: '没有找到',
                footer: { selectText: '打开', navigateText: '移动', closeText: '关闭' },
              },
            },
          },
        },
      },
    },
  } satisfies DefaultTheme.Config & { translated: readonly string[] },
})

function sidebar(language: 'en' | 'zh'): DefaultTheme.SidebarItem[] {
  return sections.map((section) => ({
    text: section[language],
    collapsed: section.collapsed ?? false,
    items: pathsOf(section).map((path) => sidebarItem(path, language)),
  }))
}

/** Pages without a Chinese version appear in the Chinese sidebar with a note. */
function sidebarItem(path: string, language: 'en' | 'zh'): { text: string; link: string } {
  if (language === 'en') return { text: titleOf(path), link: `/${path}` }
  const translated = pages.includes(chinesePath(path))
  const shown = translated ? chinesePath(path) : path
  return { text: translated ? titleOf(shown) : `${titleOf(path)}（英文）`, link: `/${sitePath(shown)}` }
}

function titleOf(path: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(docs, path), 'utf8')) ?? []
  if (title === undefined) throw new Error(`docs/${path} has no title`)
  return title.replaceAll('`', '')
}

function pathsOf({ pages: listed, folder }: Section): readonly string[] {
  if (folder === undefined) return listed
  return [...listed, ...pages.filter((path) => path.startsWith(folder) && !listed.includes(path)).toSorted()]
}

/** A page outside of the sidebar would be found by search only. */
function checkSections(): void {
  const listed = new Set(sections.flatMap(pathsOf))
  const missing = pages.filter((path) => !isChinese(path) && path !== 'index.md' && !listed.has(path))
  if (missing.length > 0) throw new Error(`add to docs/.vitepress/sections.ts: ${missing.join(', ')}`)
}

/** Plants have no access to the internet: a page must not load anything from elsewhere. */
function checkResources(html: string, page: string): void {
  const [resource] = /<(script|link|img|source|iframe)\b[^>]*\s(src|href)="https?:[^>]*>/.exec(html) ?? []
  if (resource !== undefined) throw new Error(`${page} loads ${resource}`)
}
