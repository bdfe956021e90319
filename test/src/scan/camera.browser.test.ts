import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDeskAs, phone } from '../desk/desk-page.ts'
import { openBrowser } from '../harness/browser.ts'
import { languagesFor } from '../harness/skip.ts'
import { startScanPlant } from './scan-plant.ts'
import type { ScanPlant } from './scan-plant.ts'

/** `AB` in Code 128, as widths of bars and gaps by ISO/IEC 15417: start B, A, B, check, stop. */
const widths = '2112141113231311234111312331112'
const [width, height, barPx] = [640, 480, 6]

/** One picture in the format YUV4MPEG2: the label of an order, held before the camera, on a grey bench. */
function labelPicture(): Buffer {
  const bars = widths
    .split('')
    .flatMap((each, place) => Array<number>(Number(each) * barPx).fill(place % 2 === 0 ? 30 : 220))
  const quiet = 10 * barPx
  const left = (width - bars.length) / 2
  const light = Buffer.alloc(width * height, 130)
  for (let y = 120; y < 360; y++) {
    light.fill(220, y * width + left - quiet, y * width + left + bars.length + quiet)
    light.set(bars, y * width + left)
  }
  const header = `YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\nFRAME\n`
  const colours = Buffer.alloc((width * height) / 2, 128)
  return Buffer.concat([Buffer.from(header), light, colours])
}

let plant: ScanPlant
let folder: string
let browser: Browser
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stagewatch-camera-'))
  const file = join(folder, 'label.y4m')
  await writeFile(file, labelPicture())
  browser = await openBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-video-capture=${file}`,
  ])
  plant = await startScanPlant()
}, 120_000)
afterAll(async () => {
  await browser.close()
  await plant.close()
  await rm(folder, { recursive: true })
})

test.each(languagesFor('en'))('opens the order whose label the camera sees: %s', async (language) => {
  await plant.newOrder('AB')
  const scan = await openDeskAs(browser, plant.url, plant.operator, '/scan', { viewport: phone, language })
  await scan.press(language === 'en' ? 'Scan with the camera' : '用摄像头扫码')
  await scan.page.getByRole('heading', { name: 'AB', exact: true }).waitFor()
  await scan.sees(language === 'en' ? 'Packing' : '包装')
  // The camera is free again.
  expect(await scan.page.locator('video').count()).toBe(0)
  expect(scan.errors).toEqual([])
})
