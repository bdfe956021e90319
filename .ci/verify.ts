import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'

/** Longest first, so that the short ones fill the gaps. */
const steps = [
  { name: 'unit tests', command: 'vitest run --project unit' },
  { name: 'lint', command: 'oxlint' },
  { name: 'dead code', command: 'knip --no-progress --no-config-hints' },
  { name: 'types', command: 'tsc --project .' },
  { name: 'size of the wall', command: 'node .ci/wall-size.ts' },
  { name: 'import rules', command: 'node .ci/import-rules.ts' },
  { name: 'format', command: 'oxfmt --check .' },
] as const

const tools = resolve(import.meta.dirname, '../node_modules/.bin')
const startedAt = performance.now()
const queue = [...steps]
const failed: string[] = []

await Promise.all(Array.from({ length: Math.min(availableParallelism(), 3) }, runQueue))
console.log(failed.length === 0 ? `All passed in ${secondsSince(startedAt)} s` : `Failed: ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1

async function runQueue(): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const stepStartedAt = performance.now()
    const { code, output } = await run(step.command)
    console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${secondsSince(stepStartedAt).padStart(5)} s  ${step.name}`)
    if (code === 0) continue
    failed.push(step.name)
    console.log(`${output.trimEnd()}\n`)
  }
}

async function run(command: string): Promise<{ code: number; output: string }> {
  const child = spawn(command, {
    cwd: resolve(import.meta.dirname, '..'),
    env: { ...process.env, PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}` },
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number>((settle, reject) => {
    child.once('error', reject)
    child.once('close', (code) => settle(code ?? 1))
  })
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { code, output: output + errors }
}

function secondsSince(instant: number): string {
  return ((performance.now() - instant) / 1000).toFixed(1)
}
