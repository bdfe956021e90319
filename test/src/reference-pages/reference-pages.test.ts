import { expect, it } from 'vitest'
import { eventsPage } from './events-page.ts'
import { commandsPage, configurationPage, importsPage } from './reference-pages.ts'

const pages = [
  ['configuration', configurationPage],
  ['commands', commandsPage],
  ['events', eventsPage],
  ['imports', importsPage],
] as const

it.each(pages)('the reference page %s says what the source says', async (name, write) => {
  await expect(await write()).toMatchFileSnapshot(`../../../docs/reference/${name}.md`)
})
