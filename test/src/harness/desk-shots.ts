import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openBrowser } from './browser.ts'
import { writeContactSheet, type SheetPicture } from './contact-sheet.ts'
import { pageProblems } from './page-check.ts'

const folder = fileURLToPath(new URL('../../screenshots/desk/', import.meta.url))

const sizes = {
  laptop: { width: 1440, height: 900 },
  large: { width: 1920, height: 1080 },
  narrow: { width: 1152, height: 576 },
  phone: { width: 390, height: 844 },
} as const
type Size = keyof typeof sizes
/** Sizes by default; `narrow` is a laptop of 1440 × 720 with a scale of 125 %. */
const usualSizes: readonly Size[] = ['laptop', 'large', 'phone']
const locales = { zh: 'zh-CN', en: 'en-GB' } as const
const languages = ['zh', 'en'] as const
const themes = ['light', 'dark'] as const

export interface DeskShot {
  readonly name: string
  /** Captures only the window, for pages that scroll inside or have an overlay. */
  readonly isWindowOnly?: boolean
  /** The state does not exist on a phone. */
  readonly hasNoPhone?: boolean
  /** Opens the page and brings it into its state; the returned function is called after the screenshots. */
  open(page: Page, context: BrowserContext): Promise<(() => Promise<void>) | undefined>
}

/** The variants of a state that the command line selects. */
interface Looks {
  readonly languages: readonly (typeof languages)[number][]
  readonly themes: readonly (typeof themes)[number][]
  readonly sizes: readonly Size[]
}

/**
 * Takes the screenshots that the command line selects by parts of their names, `--theme`, `--size` and `--language`;
 * without these, all of them. `--portion 2/5` takes the second of five parts. Each screenshot is checked for text that
 * is cut off or covers other text; a finding, or an error on a page, makes the command fail. All screenshots of a state
 * are put on a contact sheet, `sheets/NAME.png`.
 */
export async function takeDeskShots(shots: readonly DeskShot[]): Promise<void> {
  const option = { type: 'string', multiple: true } as const
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { theme: option, size: option, language: option, portion: { type: 'string', default: '1/1' } },
  })
  const all = Object.keys(sizes) as Size[]
  const looks: Looks = {
    languages: languages.filter((one) => values.language?.includes(one) ?? true),
    themes: themes.filter((one) => values.theme?.includes(one) ?? true),
    sizes: all.filter((one) => (values.size ?? usualSizes).includes(one)),
  }
  const [portion = 1, portions = 1] = values.portion.split('/').map(Number)
  const chosen = shots
    .filter(({ name }) => positionals.length === 0 || positionals.some((part) => name.includes(part)))
    .filter((_, index) => index % portions === portion - 1)
  await mkdir(`${folder}sheets`, { recursive: true })
  const browser = await openBrowser()
  try {
    for (const shot of chosen) {
      const pictures = await takeState(browser, shot, looks)
      if (pictures.length > 1) await writeContactSheet(browser, pictures, `${folder}sheets/${shot.name}.png`)
    }
  } finally {
    await browser.close()
  }
}

/** Opens the state once per language and pointer type; themes and window sizes change while it is open. */
async function takeState(browser: Browser, shot: DeskShot, looks: Looks): Promise<SheetPicture[]> {
  const pictures: SheetPicture[] = []
  for (const language of looks.languages) {
    for (const hasTouch of [false, true]) {
      if (hasTouch && shot.hasNoPhone === true) continue
      const own = looks.sizes.filter((size) => (size === 'phone') === hasTouch)
      if (own.length === 0) continue
      const opened = { language, themes: looks.themes, sizes: own }
      pictures.push(...(await takeOpened(browser, shot, opened, hasTouch)))
    }
  }
  return pictures
}

interface Opened extends Omit<Looks, 'languages'> {
  readonly language: keyof typeof locales
}

async function takeOpened(browser: Browser, shot: DeskShot, opened: Opened, hasTouch: boolean) {
  const { language } = opened
  const context = await browser.newContext({
    viewport: sizes[opened.sizes[0] ?? 'laptop'],
    hasTouch,
    locale: locales[language],
    colorScheme: opened.themes[0] ?? 'light',
    timezoneId: 'Asia/Shanghai',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  let name = `${shot.name}-${language}`
  page.on('pageerror', (error) => complain(name, error.stack ?? error.message))
  const pictures: SheetPicture[] = []
  let close: (() => Promise<void>) | undefined
  try {
    close = await shot.open(page, context)
    for (const size of opened.sizes) {
      // A full-screen window has only one size.
      if (pictures.length > 0 && (await page.evaluate(() => document.fullscreenElement !== null))) break
      await page.setViewportSize(sizes[size])
      for (const colorScheme of opened.themes) {
        name = `${shot.name}-${language}-${size}${colorScheme === 'dark' ? '-dark' : ''}`
        await page.emulateMedia({ colorScheme })
        pictures.push(await take(page, shot, name))
      }
    }
  } catch (error) {
    await page.screenshot({ path: `${folder}${name}-FAILED.png` }).catch(() => undefined)
    complain(name, String(error).split('\n', 4).join(' '))
  } finally {
    await context.close()
    await close?.()
  }
  return pictures
}

async function take(page: Page, { isWindowOnly }: DeskShot, name: string): Promise<SheetPicture> {
  await page.evaluate(() => document.fonts.ready)
  // Charts and row counts adapt to the window with a delay.
  await page.waitForTimeout(300)
  const path = `${folder}${name}.png`
  await page.screenshot({ path, fullPage: isWindowOnly !== true })
  for (const { kind, text, detail } of await pageProblems(page, 0)) complain(name, `${kind}: ${text} (${detail})`)
  return { path, name }
}

function complain(name: string, text: string): void {
  console.log(`${name}: ${text}`)
  process.exitCode = 1
}
