import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { randomNumbers } from '../fault/random-numbers.ts'
import { areas } from './areas.ts'
import { ofDomain } from './equivalent-mutants/domain.ts'
import { ofEngine } from './equivalent-mutants/engine.ts'
import { ofIngest } from './equivalent-mutants/ingest.ts'
import { ofServer } from './equivalent-mutants/server.ts'
import { findMutants, spreadSample } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'
import type { Trial, TrialResult } from './mutant-process.ts'

/**
 * Changes the product in many small ways, one at a time, and reports by area how many of the changes a test detects.
 * Which tests execute the changed place must have been recorded, see README.md. Unit and component tests run first, then
 * those with a database, on the embedded one. The first failure ends both, provided that the same test file passes
 * without the change. Results are stored in `--results`, and a mutant is not tried again while its file is unchanged;
 * `--again` retries those that survived, for example after a run with `--units`.
 *
 * `node test/src/mutation/run-mutations.ts --seed 1 --count 12 --area live --min 0.92`
 */
interface Tried {
  readonly area: string
  readonly file: string
  readonly line: number
  readonly change: string
  /** The first test that failed, or that the time limit was reached; undefined if no test detected the change. */
  readonly noticedBy?: string
}

const equivalentMutants = [...ofDomain, ...ofEngine, ...ofIngest, ...ofServer]

const root = resolve(import.meta.dirname, '../../..')

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '12' },
    area: { type: 'string', multiple: true },
    min: { type: 'string', default: '0.92' },
    /** Time limit for a few test files; a change that makes one of them hang counts as detected, too. */
    seconds: { type: 'string', default: '180' },
    results: { type: 'string', default: 'node_modules/.mutations.json' },
    again: { type: 'boolean', default: false },
    /** Runs the unit and component tests only, which takes a tenth of the time. */
    units: { type: 'boolean', default: false },
  },
})
const [seed, count, minScore, maxSeconds] = [values.seed, values.count, values.min, values.seconds].map(Number) as [
  number,
  number,
  number,
  number,
]
const unknown = values.area?.find((name) => !(name in areas))
if (unknown !== undefined) throw new Error(`--area: ${unknown} is none of ${Object.keys(areas).join(', ')}`)
if (!Number.isInteger(seed) || !(count > 0) || !(maxSeconds > 0) || !(minScore >= 0 && minScore <= 1)) {
  throw new Error('--seed must be a whole number, --count and --seconds more than 0, --min between 0 and 1')
}

process.chdir(root)
const results = new Map<string, Tried>(
  existsSync(values.results)
    ? Object.entries(JSON.parse(await readFile(values.results, 'utf8')) as Record<string, Tried>)
    : [],
)
let child: ChildProcess | undefined
const hasDatabase = !values.units
for (const [name, sources] of Object.entries(areas).filter(([code]) => values.area?.includes(code) ?? true)) {
  const mutants = spreadSample(await mutantsOf(sources), count, randomNumbers(seed))
  let [noticedCount, triedCount] = [0, 0]
  for (const mutant of mutants) {
    const tried = await tryOut(name, mutant)
    if (tried === undefined) {
      console.log(
        `not tried  ${name}  ${mutant.file}: its tests did not end in ${maxSeconds} s, see --seconds, or could not run`,
      )
      continue
    }
    const { file, line, change, noticedBy } = tried
    triedCount += 1
    if (noticedBy === undefined) console.log(`survived  ${name}  ${file}:${line}  ${change}`)
    else noticedCount += 1
  }
  const score = triedCount === 0 ? 0 : noticedCount / triedCount
  console.log(`${name}: ${noticedCount} of ${triedCount} noticed (${(100 * score).toFixed(0)} %), seed ${seed}`)
  if (score < minScore) process.exitCode = 1
}
endChild()

/** Every possible change of the area except the equivalent ones. */
async function mutantsOf(sources: readonly string[]): Promise<MutantOfFile[]> {
  const files = sources
    .flatMap((pattern) => globSync(pattern))
    .filter((file) => !/\.test\.ts$|testing\//.test(file))
    .toSorted()
  const found = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(file, 'utf8')
      return findMutants(file, source)
        .map((mutant) => ({ file, ...mutant }))
        .filter((mutant) => !isEquivalent(mutant, source))
    }),
  )
  return found.flat()
}

function isEquivalent(mutant: MutantOfFile, source: string): boolean {
  const line = lineOf(source, mutant.start)
  const change = changeOf(mutant, source)
  return equivalentMutants.some((known) => known.file === mutant.file && known.line === line && known.change === change)
}

function lineOf(source: string, at: number): string {
  return (
    source
      .slice(source.lastIndexOf('\n', at - 1) + 1)
      .split('\n', 1)[0]
      ?.trim() ?? ''
  )
}

function changeOf({ start, end, replacement }: MutantOfFile, source: string): string {
  return `${source.slice(start, end)} → ${replacement}`
}

/** Undefined if the tests exceed the time limit without the change as well, or could not run. */
async function tryOut(area: string, mutant: MutantOfFile): Promise<Tried | undefined> {
  const { file, start, end, replacement } = mutant
  const source = await readFile(file, 'utf8')
  const id = `${file} ${start} ${end} ${hash('sha256', source + replacement, 'hex').slice(0, 12)}`
  const known = results.get(id)
  if (known !== undefined && !(values.again && known.noticedBy === undefined)) return known
  let result = await attempt({ mutant, hasDatabase })
  if (result === 'time is up') {
    // The machine is too busy for a conclusion.
    if ((await attempt({ mutant, hasDatabase, isUnchanged: true })) === 'time is up') return undefined
    result = { noticedBy: `${maxSeconds} s` }
  }
  if ('error' in result) {
    console.error(result.error)
    return undefined
  }
  const { noticedBy } = result
  const line = source.slice(0, start).split('\n').length
  const change = changeOf(mutant, source)
  const tried = { area, file, line, change, ...(noticedBy !== undefined && { noticedBy }) }
  results.set(id, tried)
  await writeFile(values.results, JSON.stringify(Object.fromEntries(results), undefined, 2))
  return tried
}

/** Runs the tests in an OS process that can be killed with its workers when a mutant makes one of them hang. */
async function attempt(trial: Trial): Promise<TrialResult | 'time is up'> {
  const runner = (child ??= fork(resolve(import.meta.dirname, 'mutant-process.ts'), {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  }))
  const answer = Promise.withResolvers<TrialResult | 'time is up'>()
  const timer = setTimeout(() => answer.resolve('time is up'), maxSeconds * 1_000)
  const ended = (): void => answer.resolve({ error: 'the process of the tests ended' })
  runner
    .on('message', (message: TrialResult | 'running') => {
      if (message === 'running') timer.refresh()
      else answer.resolve(message)
    })
    .once('exit', ended)
  runner.send(trial)
  const result = await answer.promise
  clearTimeout(timer)
  runner.removeAllListeners()
  if (result === 'time is up' || !runner.connected) endChild()
  return result
}

function endChild(): void {
  const isRunning = child?.exitCode === null && child.signalCode === null
  if (isRunning && child?.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  child = undefined
}
