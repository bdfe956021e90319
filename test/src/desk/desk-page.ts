import { isNight } from '../harness/skip.ts'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { pageProblems } from '../harness/page-check.ts'
import type { Visitor } from '../identity/visitor.ts'

export interface DeskPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page threw or complained of. */
  readonly errors: readonly string[]
  /** Presses what is called so. */
  press(name: string | RegExp): Promise<void>
  fill(label: string, text: string): Promise<void>
  /** Waits until the text is to be seen. */
  sees(text: string | RegExp): Promise<void>
  /** Text that is cut off or covers other text. */
  problems(): ReturnType<typeof pageProblems>
}

export const laptop = { width: 1440, height: 900 }
export const phone = { width: 390, height: 844 }

/** A page is looked at on a laptop in one language and on a phone in the other; at night on both in both. */
export function windowsIn(language: 'zh' | 'en'): readonly (typeof laptop)[] {
  if (isNight) return [laptop, phone]
  return language === 'en' ? [laptop] : [phone]
}

export interface DeskOptions {
  readonly viewport?: typeof laptop
  readonly language?: 'zh' | 'en'
  /** What the device prefers. */
  readonly colorScheme?: 'light' | 'dark'
  /** IANA; by default that of the machine. */
  readonly timezoneId?: string
}

/** Somebody with a browser of their own, in English unless told. */
export async function openDesk(
  browser: Browser,
  address: string,
  { viewport = laptop, language = 'en', ...device }: DeskOptions = {},
): Promise<DeskPage> {
  const context = await browser.newContext({ viewport, locale: language === 'zh' ? 'zh-CN' : 'en-GB', ...device })
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
    sees: (text) => page.getByText(text).first().waitFor(),
    problems: () => pageProblems(page, 0),
  }
}

/** The desk of a server at a path, as somebody who is signed in there. */
export async function openDeskAs(
  browser: Browser,
  url: string,
  { cookie }: Visitor,
  path: string,
  options: DeskOptions = {},
): Promise<DeskPage> {
  const desk = await openDesk(browser, `${url}/readyz`, options)
  await desk.context.addCookies(
    cookie.split('; ').map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return { name, value: value.join('='), url }
    }),
  )
  await desk.page.goto(url + path)
  return desk
}
