import { existsSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser } from 'playwright-core'

const binFolder = join(dirname(fileURLToPath(import.meta.resolve('@sparticuz/chromium'))), '..', 'bin')

/** Chromium from npm, with the system libraries that come with it: nothing needs to be installed on the host. */
export async function openBrowser(): Promise<Browser> {
  const folder = join(tmpdir(), 'stagewatch-chromium-153')
  if (!existsSync(folder)) await unpack(folder)
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: ['--no-sandbox', '--no-zygote', '--disable-gpu', '--font-render-hinting=none'],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(folder, 'al2023', 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  })
}

/** Under another name first, so that no other process starts a copy that is still being written. */
async function unpack(folder: string): Promise<void> {
  const partial = `${folder}.${process.pid}`
  await mkdir(partial, { recursive: true })
  const before = process.env['TMPDIR']
  // The package unpacks to the temporary folder and nowhere else.
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

/** Only the fonts that come with the package: a picture must not depend on what is installed on the host. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'font-cache')}</cachedir>
</fontconfig>
`
}
