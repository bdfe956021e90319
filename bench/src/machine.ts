import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os'

/** Where the figures were taken; they compare with nothing that was measured elsewhere. */
export function machine() {
  const processors = cpus()
  return {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${systemType()} ${release()}`,
    node: process.versions.node,
  }
}

/** Processes that wanted to run in the last minute; above the number of cores, others slow the figures down. */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

/** The commit that was measured, with a plus when files differ from it. */
export function measuredCommit(): string {
  try {
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+')
    )
  } catch {
    return 'unknown'
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8' }).trim()
}
