import { test as base } from 'vitest'
import { openBrowser } from './browser.ts'

/** Tests with a browser: one for all files of a worker. What a file has opened in it is closed with the file. */
export const test = base
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the needed fixtures from this pattern
  .extend('workerBrowser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await openBrowser()
    onCleanup(() => browser.close())
    return browser
  })
  .extend('browser', { scope: 'file' }, ({ workerBrowser }, { onCleanup }) => {
    onCleanup(async () => {
      // A page that stays open goes on drawing while the next file measures.
      await Promise.all(workerBrowser.contexts().map((context) => context.close()))
    })
    return workerBrowser
  })
