import { fork } from 'node:child_process'
import { hash } from 'node:crypto'
import { existsSync, globSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { randomNumbers } from '../fault/random-numbers.ts'
import { areas } from './areas.ts'
import type { Area } from './areas.ts'
import { findMutants } from './find-mutants.ts'
import type { MutantOfFile } from './find-mutants.ts'
import type { Trial, TrialResult } from './mutant-process.ts'

/**
 * Changes the product in many small ways, one at a time, and counts by area how many of the changes a test notices.
 * First the unit and component tests that import the file are run, then the area's own tests on the embedded database;
 * the first failure ends both. What is known of a mutant stands in `--results`, and is not tried again while its file
 * is the same.
 *
 * `node test/src/mutation/run-mutations.ts --seed 1 --count 12 --area live --min 0.92`
 */
interface Tried {
  readonly area: string
  readonly file: string
  readonly line: number
  readonly change: string
  /** The first test that failed, or that the time was up; undefined: no test noticed. */
  readonly noticedBy?: string
}

const root = resolve(import.meta.dirname, '../../..')

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '12' },
    area: { type: 'string', multiple: true },
    min: { type: 'string', default: '0.92' },
    /** A change by which a test waits for ever is noticed as well. */
    seconds: { type: 'string', default: '180' },
    results: { type: 'string', default: 'node_modules/.mutations.json' },
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
for (const [name, area] of Object.entries(areas).filter(([code]) => values.area?.includes(code) ?? true)) {
  const mutants = await sample(area, randomNumbers(seed))
  let noticedCount = 0
  for (const mutant of mutants) {
    const { file, line, change, noticedBy } = await tryOut(name, area, mutant)
    if (noticedBy === undefined) console.log(`survived  ${name}  ${file}:${line}  ${change}`)
    else noticedCount += 1
  }
  const score = noticedCount / mutants.length
  console.log(`${name}: ${noticedCount} of ${mutants.length} noticed (${(100 * score).toFixed(0)} %), seed ${seed}`)
  if (score < minScore) process.exitCode = 1
}

/** As many changes as were asked for, each file as likely as it is large. */
async function sample({ sources }: Area, random: () => number): Promise<MutantOfFile[]> {
  const files = sources
    .flatMap((pattern) => globSync(pattern))
    .filter((file) => !/\.test\.ts$|testing\//.test(file))
    .toSorted()
  const found = await Promise.all(
    files.map(async (file) => findMutants(file, await readFile(file, 'utf8')).map((mutant) => ({ file, ...mutant }))),
  )
  const left = found.flat()
  const chosen: MutantOfFile[] = []
  while (chosen.length < count && left.length > 0) chosen.push(...left.splice(Math.floor(random() * left.length), 1))
  return chosen
}

async function tryOut(area: string, { tests }: Area, mutant: MutantOfFile): Promise<Tried> {
  const { file, start, end, replacement } = mutant
  const source = await readFile(file, 'utf8')
  const id = `${file} ${start} ${end} ${hash('sha256', source + replacement, 'hex').slice(0, 12)}`
  const known = results.get(id)
  if (known !== undefined) return known
  const { noticedBy } = await attempt({ mutant, tests })
  const line = source.slice(0, start).split('\n').length
  const change = `${source.slice(start, end)} → ${replacement}`
  const tried = { area, file, line, change, ...(noticedBy !== undefined && { noticedBy }) }
  results.set(id, tried)
  await writeFile(values.results, JSON.stringify(Object.fromEntries(results), undefined, 2))
  return tried
}

/** Runs the tests in a process that can be ended, with its workers, when a mutant has made one of them run for ever. */
async function attempt(trial: Trial): Promise<TrialResult> {
  const child = fork(resolve(import.meta.dirname, 'mutant-process.ts'), { detached: true, stdio: 'ignore' })
  const answer = Promise.withResolvers<TrialResult>()
  const timer = setTimeout(() => answer.resolve({ noticedBy: `${maxSeconds} s` }), maxSeconds * 1_000)
  child.once('message', answer.resolve).once('exit', () => answer.resolve({ noticedBy: 'the end of the process' }))
  child.send(trial)
  try {
    return await answer.promise
  } finally {
    clearTimeout(timer)
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
  }
}
