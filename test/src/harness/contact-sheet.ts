import { writeFile, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'

export interface SheetPicture {
  readonly path: string
  readonly name: string
}

/** Width of the sheet; four laptop screenshots fit side by side. */
const sheetWidth = 2_400

/**
 * Puts screenshots of one state on a sheet, scaled down: those of the same size in a row, so that languages and themes
 * can be compared. A page that is longer than two windows of its width continues beside itself.
 */
export async function writeContactSheet(browser: Browser, pictures: readonly SheetPicture[], path: string) {
  const html = join(dirname(path), `${basename(path, '.png')}.html`)
  await writeFile(html, sheetOf(pictures))
  const page = await browser.newPage({ viewport: { width: sheetWidth, height: 600 } })
  try {
    await page.goto(pathToFileURL(html).href)
    await page.waitForFunction(() => document.body.dataset['ready'] !== undefined)
    await page.screenshot({ path, fullPage: true })
  } finally {
    await page.close()
    await rm(html)
  }
}

function sheetOf(pictures: readonly SheetPicture[]): string {
  const bySize = Map.groupBy(pictures, ({ name }) => /-(laptop|large|narrow|phone)(-dark)?$/.exec(name)?.[1] ?? '')
  const rows = [...bySize.values()].map((row) => `<div class="row">${row.map(figureOf).join('')}</div>`)
  return `<!doctype html>
<meta charset="utf-8">
<style>
  body { margin: 8px; background: #777; font: 11px sans-serif; color: #fff }
  .row { display: flex; gap: 8px; margin-bottom: 8px }
  figure { margin: 0; flex: 1; min-width: 0 }
  .parts { display: flex; flex-wrap: wrap; gap: 3px; align-items: flex-start }
  .part { background-repeat: no-repeat }
</style>
${rows.join('\n')}
<script>
  const all = [...document.querySelectorAll('figure')].map(async (figure) => {
    const image = new Image()
    image.src = figure.dataset.src
    await image.decode()
    const isPhone = image.naturalWidth < 600
    const width = isPhone ? (figure.clientWidth - 6) / 3 : figure.clientWidth
    const height = image.naturalHeight * width / image.naturalWidth
    const most = isPhone ? width * 2.2 : Infinity
    for (let top = 0; top < Math.min(height, most * 6); top += most) {
      const part = document.createElement('div')
      part.className = 'part'
      part.style.width = width + 'px'
      part.style.height = Math.min(most, height - top) + 'px'
      part.style.background = 'url("' + image.src + '") 0 ' + -top + 'px / ' + width + 'px auto no-repeat'
      figure.querySelector('.parts').append(part)
    }
  })
  Promise.allSettled(all).then(() => (document.body.dataset.ready = ''))
</script>`
}

function figureOf({ path, name }: SheetPicture): string {
  return `<figure data-src="${pathToFileURL(path).href}"><figcaption>${name}</figcaption><div class="parts"></div></figure>`
}
