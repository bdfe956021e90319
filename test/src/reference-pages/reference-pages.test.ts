import { expect, it } from 'vitest'
import { eventsPage } from './events-page.ts'
import { chineseImportsPage, importsPage } from './imports-page.ts'
import { chineseConfigurationPage, commandsPage, configurationPage } from './reference-pages.ts'

const pages = [
  ['configuration.md', configurationPage],
  ['configuration.zh-CN.md', chineseConfigurationPage],
  ['commands.md', commandsPage],
  ['events.md', () => eventsPage('en')],
  ['events.zh-CN.md', () => eventsPage('zh')],
  ['imports.md', importsPage],
  ['imports.zh-CN.md', chineseImportsPage],
] as const

it.each(pages)('the reference page %s says what the source says', async (name, write) => {
  await expect(await write()).toMatchFileSnapshot(`../../../docs/reference/${name}`)
})
