import type { Browser, BrowserContext, Page } from 'playwright-core'
import { onTestFinished, TestRunner } from 'vitest'
import { pageProblems } from '../harness/page-check.ts'
import { isNight } from '../harness/skip.ts'
import type { Visitor } from '../identity/visitor.ts'

export interface DeskPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Uncaught errors and console errors of the page. */
  readonly errors: readonly string[]
  /** Clicks the button with this name. */
  press(name: string | RegExp): Promise<void>
  fill(label: string, text: string): Promise<void>
  /** Waits until the text is visible. */
  sees(text: string | RegExp): Promise<void>
  /** Text that is cut off or overlaps other text. */
  problems(): ReturnType<typeof pageProblems>
}

export const laptop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** A page is checked on a laptop in one language and on a phone in the other; at night on both in both. */
export function windowsIn(language: 'zh' | 'en'): readonly (typeof laptop)[] {
  if (isNight) return [laptop, phone]
  return language === 'en' ? [laptop] : [phone]
}

export interface DeskOptions {
  readonly viewport?: typeof laptop
  readonly language?: 'zh' | 'en'
  /** The color scheme that the device prefers. */
  readonly colorScheme?: 'light' | 'dark'
  /** IANA time zone; by default that of the machine. */
  readonly timezoneId?: string
}

type Cookies = Parameters<BrowserContext['addCookies']>[0]

/**
 * Opens the desk in a browser context of its own, in English unless specified. In a test it is closed at the end: an
 * open page would refetch and redraw after every change that later tests make.
 */
export function openDesk(browser: Browser, address: string, options: DeskOptions = {}): Promise<DeskPage> {
  return openWith([], browser, address, options)
}

async function openWith(
  cookies: Cookies,
  browser: Browser,
  address: string,
  { viewport = laptop, language = 'en', ...device }: DeskOptions,
): Promise<DeskPage> {
  const context = await browser.newContext({ viewport, locale: language === 'zh' ? 'zh-CN' : 'en-GB', ...device })
  if (TestRunner.getCurrentTest() !== undefined) onTestFinished(() => context.close())
  await context.addCookies(cookies)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.goto(address)
  return {
    page,
    context,
    errors,
    press: (name) => page.getByRole('button', { name, exact: true }).click(),
    fill: (label, text) => page.getByLabel(label, { exact: true }).fill(text),
    sees: (text) => see(page, text),
    problems: () => pageProblems(page, 0),
  }
}

/** Waits until the text is visible. @throws with the text of the page otherwise */
async function see(page: Page, text: string | RegExp): Promise<void> {
  try {
    await page.getByText(text).first().waitFor()
  } catch (error) {
    const shown = await page.locator('body').innerText()
    throw new Error(`not to be seen: ${String(text)}\nThe page says:\n${shown.slice(0, 4_000)}`, { cause: error })
  }
}

/** Opens a path of the desk as a visitor who is already signed in. */
export function openDeskAs(
  browser: Browser,
  url: string,
  { cookie }: Visitor,
  path: string,
  options: DeskOptions = {},
): Promise<DeskPage> {
  const cookies = cookie.split('; ').map((pair) => {
    const [name = '', ...value] = pair.split('=')
    return { name, value: value.join('='), url }
  })
  return openWith(cookies, browser, url + path, options)
}
