import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type as systemType } from 'node:os'

/** The machine of the measurement; figures from different machines cannot be compared. */
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

/**
 * Average number of runnable processes in the last minute; above the number of cores, other load slows the figures
 * down.
 */
export function loadAverage(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10
}

/** The measured commit, with a plus if the working tree has changes. */
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
