import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'

const binFolder = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin')
const usualSwitches = ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none']

/** Paths at which Chrome, Chromium and Edge are installed for all users. */
const installedPaths: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  linux: ['/usr/bin/google-chrome', '/usr/bin/chromium', '/usr/bin/chromium-browser'],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/**
 * The browser in `CHROME_PATH`. Without it, on x64 Linux, Chromium from npm with its own system libraries and fonts:
 * nothing needs to be installed, and screenshots are the same on every machine. Elsewhere an installed browser.
 * @param switches of Chromium, besides the usual ones.
 * @throws when there is none.
 */
export async function openBrowser(switches: readonly string[] = []): Promise<Browser> {
  const chosen = process.env['CHROME_PATH']
  const args = [...usualSwitches, ...switches]
  if (chosen !== undefined) return chromium.launch({ executablePath: chosen, args })
  if (process.platform === 'linux' && process.arch === 'x64') return openPackaged(args)
  const installed = installedPaths[process.platform]?.find((path) => existsSync(path))
  if (installed === undefined) throw new Error('no browser is found: install Chrome, or set CHROME_PATH to one')
  return chromium.launch({ executablePath: installed, args })
}

async function openPackaged(args: readonly string[]): Promise<Browser> {
  const folder = join(tmpdir(), 'stagewatch-chromium-153')
  if (!existsSync(folder)) await unpack(folder)
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: [...args, '--no-zygote'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  })
}

/** Unpacks under a temporary name first, so that no other process starts an incomplete copy. */
async function unpack(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`
  await mkdir(partial, { recursive: true })
  const before = process.env['TMPDIR']
  // The package can only unpack to the temporary folder.
  process.env['TMPDIR'] = partial
  try {
    const { default: packed, inflate } = await import('@sparticuz/chromium')
    await inflate(join(binFolder, 'al2023.tar.br'))
    await packed.executablePath()
    await writeFile(join(partial, 'fonts.conf'), fontSettings(folder))
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
  await rename(partial, folder).catch(() => rm(partial, { recursive: true, force: true }))
}

/** Only the fonts in the package, because screenshots must not depend on fonts of the host. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`
}
