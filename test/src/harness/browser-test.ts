import { test as base } from 'vitest'
import { recordPages } from '../selection/coverage-recorder.ts'
import { openBrowser } from './browser.ts'

/** Tests with a browser, which all files of a worker share. Everything that a file opens is closed at its end. */
export const test = base
  // oxlint-disable-next-line no-empty-pattern -- vitest reads the needed fixtures from this pattern
  .extend('workerBrowser', { scope: 'worker' }, async ({}, { onCleanup }) => {
    const browser = await openBrowser()
    recordPages(browser)
    onCleanup(() => browser.close())
    return browser
  })
  .extend('browser', { scope: 'file' }, ({ workerBrowser }, { onCleanup }) => {
    onCleanup(async () => {
      // An open page would keep rendering while the next file measures.
      await Promise.all(workerBrowser.contexts().map((context) => context.close()))
    })
    return workerBrowser
  })
