import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

// `node test/src/old-browsers/fetch-old-browsers.ts FOLDER` downloads builds of old Chromium versions from npm and
// unpacks them. They are 50 MB each and only used by these tests, so they are not a dependency.

/** The packages that contain a build, by version. */
const packages = new Map([
  [79, 'chrome-aws-lambda@2.0.2'],
  [88, 'chrome-aws-lambda@5.5.0'],
  [92, 'chrome-aws-lambda@10.1.0'],
  [108, '@sparticuz/chromium@108.0.3'],
  [112, '@sparticuz/chromium@112.0.2'],
])

const [target] = process.argv.slice(2)
if (target === undefined) throw new Error('Name the folder that the browsers are unpacked into')
for (const [version, name] of packages) {
  const folder = resolve(target, String(version))
  const packed = join(folder, 'packed')
  mkdirSync(packed, { recursive: true })
  const answer = execFileSync('npm', ['pack', name, '--json', '--pack-destination', packed], { encoding: 'utf8' })
  const [{ filename }] = JSON.parse(answer) as [{ filename: string }]
  execFileSync('tar', ['-xzf', join(packed, filename.replace('@', '').replace('/', '-')), '-C', packed])
  const bin = join(packed, 'package', 'bin')
  writeFileSync(join(folder, 'chromium'), unpacked(join(bin, 'chromium.br')), { mode: 0o755 })
  // Shared libraries that may be missing on a minimal machine.
  execFileSync('tar', ['-xf', '-', '-C', folder], { input: unpacked(join(bin, 'aws.tar.br')) })
  rmSync(packed, { recursive: true })
  console.log(`Chromium ${version} is in ${folder}`)
}

function unpacked(file: string): Buffer {
  return brotliDecompressSync(readFileSync(file))
}
