import type { Outcome } from './row.ts'
import { isReached } from './row.ts'

export function printTable(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    console.log(`\n${outcome.id.padEnd(4)} ${outcome.what}`)
    if ('skipped' in outcome) {
      console.log(`     skipped, ${outcome.skipped}`)
      continue
    }
    const { value, target, better, unit, product, peer, notes } = outcome
    const verdict = isReached(outcome) ? 'reached' : 'MISSED'
    console.log(`     ${short(value)} ${unit}, target ${better === 'higher' ? '≥' : '≤'} ${target}: ${verdict}`)
    for (const { name, value: median, unit: measured } of [product, peer]) {
      console.log(`     ${name.padEnd(24)} ${short(median).padStart(12)} ${measured}`)
    }
    for (const note of notes ?? []) console.log(`     ${note}`)
  }
}

function short(value: number): string {
  return value.toLocaleString('en', value >= 1000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 })
}
