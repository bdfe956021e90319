import type { useText } from '../../../locales/use-text.ts'

const names = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' } as const

/** A delimiter as people call it; another one as it is. */
export function delimiterText(t: ReturnType<typeof useText>['t'], delimiter: string): string {
  const known = Object.entries(names).find(([sign]) => sign === delimiter)
  return known === undefined
    ? delimiter
    : `${t(`imports.facts.delimiters.${known[1]}`)}${delimiter.trim() === '' ? '' : ` ${delimiter}`}`
}
