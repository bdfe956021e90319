import type { Board } from '@stagewatch/shared/contract/board.ts'
import { distinctNames } from '../format/shorten.ts'
import { useBoard } from '../live/live-context.ts'
import { useText } from '../locales/use-text.ts'
import { textIn, untranslated } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'

/** Display names of the stages by code, at most `maxWidth` letters wide and distinct from each other. */
export function stageNames(
  { stageOrder, stages }: Pick<Board, 'stageOrder' | 'stages'>,
  language: Language,
  maxWidth: number,
): ReadonlyMap<string, string> {
  const codes = stageOrder.filter((code) => stages[code] !== undefined)
  const names = codes.map((code) => textIn(stages[code]?.name ?? untranslated(code), language))
  const set = distinctNames(names, maxWidth)
  return new Map(codes.map((code, index) => [code, set[index] ?? code]))
}

const keys = ['translations'] as const

/** Translates the name of a customer, owner, reason or department into the language of the page. */
export function useTranslated(): (text: string) => string {
  const { nameOf } = useText()
  const { translations = {} } = useBoard(keys) ?? {}
  return (text) => {
    const names = Object.hasOwn(translations, text) ? translations[text] : undefined
    return names === undefined ? text : nameOf(names)
  }
}
