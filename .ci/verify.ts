import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { delimiter, resolve } from 'node:path'
import { performance } from 'node:perf_hooks'
import { text } from 'node:stream/consumers'

/** Longest first, so that the short ones fill the gaps. */
const steps = [
  { name: 'unit tests', command: 'vitest run --project unit --project component' },
  { name: 'lint', command: 'oxlint' },
  { name: 'dead code', command: 'knip --no-progress --no-config-hints' },
  // Fails on dead links.
  { name: 'documentation', command: 'vitepress build docs' },
  { name: 'types', command: 'tsc --project .' },
  { name: 'bundles', command: 'node .ci/bundles.ts' },
  { name: 'import rules', command: 'node .ci/import-rules.ts' },
  // English documents and texts; product names and terms are in cspell.json.
  { name: 'spelling', command: 'cspell lint --no-progress --no-summary' },
  { name: 'format', command: 'oxfmt --check .' },
] as const

/** Passed by `.ci/run`, which runs the whole test suite in its next step. */
const withoutUnitTests = '--without-unit-tests'
const unknown = process.argv.slice(2).filter((argument) => argument !== withoutUnitTests)
if (unknown.length > 0) throw new Error(`unknown argument ${unknown.join(' ')}: use ${withoutUnitTests} or none`)

const tools = resolve(import.meta.dirname, '../node_modules/.bin')
const startedAt = performance.now()
const queue = steps.filter(({ name }) => name !== 'unit tests' || !process.argv.includes(withoutUnitTests))
const failed: { readonly name: string; readonly output: string }[] = []

await Promise.all(Array.from({ length: Math.min(availableParallelism(), 3) }, runQueue))
for (const { name, output } of failed) console.log(`\n== ${name} ==\n${output.trimEnd()}`)
console.log(
  failed.length === 0
    ? `All passed in ${secondsSince(startedAt)} s`
    : `Failed: ${failed.map(({ name }) => name).join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1

async function runQueue(): Promise<void> {
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const stepStartedAt = performance.now()
    const { code, output } = await run(step.command)
    console.log(`${code === 0 ? 'passed' : 'FAILED'}  ${secondsSince(stepStartedAt).padStart(5)} s  ${step.name}`)
    if (code !== 0) failed.push({ name: step.name, output })
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
