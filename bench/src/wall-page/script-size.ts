import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const exec = promisify(execFile)

/** Size of the compressed scripts of the wall in kB and its limit, as reported by the check before every merge. */
export async function scriptSize(): Promise<{ readonly sizeKb: number; readonly maxKb: number }> {
  const { stdout } = await exec(process.execPath, ['.ci/bundles.ts'], { cwd: root })
  const [, size, most] = / of the wall .*: (\d+) kB gzipped, of (\d+)/.exec(stdout) ?? []
  if (size === undefined || most === undefined) throw new Error(`no size in: ${stdout}`)
  return { sizeKb: Number(size), maxKb: Number(most) }
}
