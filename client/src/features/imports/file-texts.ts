import type { useText } from '../../locales/use-text.ts'

const delimiterNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space' } as const

/** The name of a common delimiter; any other is shown as it is. */
export function delimiterText(t: ReturnType<typeof useText>['t'], delimiter: string): string {
  const known = Object.entries(delimiterNames).find(([sign]) => sign === delimiter)
  return known === undefined
    ? delimiter
    : `${t(`imports.facts.delimiters.${known[1]}`)}${delimiter.trim() === '' ? '' : ` ${delimiter}`}`
}
