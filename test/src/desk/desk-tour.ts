import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { axeViolations } from '../harness/axe-violations.ts'
import { isNight } from '../harness/skip.ts'

const sortedPaths = [
  '/overview',
  '/orders',
  '/orders/SO-1',
  '/tasks',
  '/alerts',
  '/alerts?tab=rules',
  '/approvals',
  '/handover',
  '/handover/1',
  '/analysis',
  '/analysis/flow',
  '/analysis/visits',
  '/analysis/lag',
  '/analysis/paths',
  '/analysis/outliers',
  '/analysis/compare',
  '/analysis/approvals',
  '/processes',
  '/processes/default',
  '/calendars',
  '/screens',
  '/sources',
  '/channels',
  '/customer-news',
  '/message-texts',
  '/imports',
  '/imports/1',
  '/team',
  '/departments',
  '/people',
  '/keys',
  '/status',
  '/changes',
  '/privacy',
] as const

/**
 * Every page that loads something for who has signed in. No page follows another one of its own kind, so that it shows
 * when a page has replaced the one before.
 */
export const deskPaths: readonly string[] = sortedPaths
  .slice(0, sortedPaths.length / 2)
  .flatMap((path, index) => [path, sortedPaths[index + sortedPaths.length / 2] ?? path])

/** Opens a page within the desk, which is faster than loading it again. @returns whether it shows the element. */
export async function goWithin(page: Page, path: string, sign: string): Promise<boolean> {
  await page.evaluate((to) => {
    document.querySelector('#content')?.setAttribute('data-left', '')
    history.pushState({}, '', to)
  }, path)
  const shown = page.locator(`:has(h1) #content:not([data-left])${sign}`).first()
  return shown.waitFor({ state: 'attached', timeout: 5_000 }).then(
    () => true,
    () => false,
  )
}

/** What a page says in its content, without what only screen readers hear. */
export function contentOf(page: Page): Promise<string> {
  return page.locator('#content').innerText()
}

/** Lines of a page without the ages of what it shows, which go on counting. */
export async function linesOf(page: Page): Promise<string[]> {
  const lines = (await contentOf(page)).split('\n').map((line) => line.trim())
  return lines.filter((line) => line !== '' && !/\d/.test(line))
}

/** The note above the whole page that its data may be out of date; empty without one. */
export async function bannerOf(page: Page): Promise<string> {
  const banner = page.locator('h1 >> xpath=ancestor::header/following-sibling::*[@role="alert"]')
  const [text = ''] = await banner.allInnerTexts()
  return text
}

/** The top bar of a page: title, tools, and whether it is live. */
export function headerOf(page: Page): Promise<string> {
  return page.locator('header:has(h1)').innerText()
}

/** Waits until the page neither loads its script nor any data. */
export async function loadedWithin(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('#content') !== null &&
      document.querySelector('[class*="skeleton"], [class*="loadingBar"]') === null,
  )
}

/** For all pages, with the checks of accessibility of the night. */
export const tourTimeoutMs = 300_000

const themes = ['light', 'dark'] as const

/**
 * Expects a page to be accessible in the themes in which it is checked: at night in both, by day every fourth page in
 * one of them.
 * @param place Of the page in the tour, shifted by the number of the tour, so that each tour checks other pages.
 */
export async function expectAccessible(page: Page, path: string, place: number): Promise<void> {
  for (const [index, colorScheme] of themes.entries()) {
    if (!isNight && place % 8 !== index * 4) continue
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    // Some colors have a transition.
    await expect.poll(() => axeViolations(page), { message: `${path}, ${colorScheme}` }).toEqual([])
  }
}
