import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { pageProblems } from './page-check.ts'

const folder = fileURLToPath(new URL('../../screenshots/desk/', import.meta.url))

const sizes = {
  laptop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  large: { width: 1920, height: 1080 },
} as const
const languages = { zh: 'zh-CN', en: 'en-GB' } as const
const themes = ['light', 'dark'] as const

export interface DeskShot {
  readonly name: string
  /** What is shown when the window alone does not scroll, or when something stands over the page. */
  readonly isWindowOnly?: boolean
  /** There is no such state on a phone. */
  readonly hasNoPhone?: boolean
  /** Goes to the page and brings it into its state; what it resolves with is called after the picture. */
  open(page: Page, context: BrowserContext): Promise<(() => Promise<void>) | undefined>
}

/**
 * Takes the pictures that the command line asks for, by parts of their names and by `--theme`, `--size` and
 * `--language`; without these in all. Each is looked through for text that is cut off or covers other text; what is
 * found, or thrown on a page, makes the command fail.
 */
export async function takeDeskShots(shots: readonly DeskShot[]): Promise<void> {
  const option = { type: 'string', multiple: true } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { theme: option, size: option, language: option },
  })
  const chosen = <T extends string>(all: readonly T[], asked: readonly string[] = all): T[] =>
    all.filter((one) => asked.includes(one))
  await mkdir(folder, { recursive: true })
  const browser = await openBrowser()
  const isAsked = ({ name }: DeskShot) => positionals.length === 0 || positionals.some((part) => name.includes(part))
  try {
    for (const shot of shots.filter(isAsked)) {
      for (const language of chosen(['zh', 'en'], values.language)) {
        for (const theme of chosen(themes, values.theme)) {
          for (const size of chosen(['laptop', 'phone', 'large'], values.size)) {
            if (size === 'phone' && shot.hasNoPhone === true) continue
            await take(browser, shot, { language, theme, size })
          }
        }
      }
    }
  } finally {
    await browser.close()
  }
}

interface Look {
  readonly language: keyof typeof languages
  readonly theme: (typeof themes)[number]
  readonly size: keyof typeof sizes
}

async function take(browser: Browser, shot: DeskShot, { language, theme, size }: Look): Promise<void> {
  const name = `${shot.name}-${language}-${size}${theme === 'dark' ? '-dark' : ''}`
  const context = await browser.newContext({
    viewport: sizes[size],
    hasTouch: size === 'phone',
    locale: languages[language],
    colorScheme: theme,
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complain = (text: string): void => {
    console.log(`${name}: ${text}`)
    process.exitCode = 1
  }
  page.on('pageerror', (error) => complain(error.stack ?? error.message))
  let close: (() => Promise<void>) | undefined
  try {
    close = await shot.open(page, context)
    await page.evaluate(() => document.fonts.ready)
    // Charts and counts of rows follow the window a moment later.
    await page.waitForTimeout(300)
    await page.screenshot({ path: `${folder}${name}.png`, fullPage: shot.isWindowOnly !== true })
    for (const { kind, text, detail } of await pageProblems(page, 0)) complain(`${kind}: ${text} (${detail})`)
  } catch (error) {
    await page.screenshot({ path: `${folder}${name}-FAILED.png` }).catch(() => undefined)
    complain(String(error).split('\n', 4).join(' '))
  } finally {
    await context.close()
    await close?.()
  }
}
