import type { Board } from '@stagewatch/shared/contract/board.ts'
import { distinctNames } from '../format/shorten.ts'
import { useBoard } from '../live/use-board.ts'
import { useText } from '../locales/use-text.ts'
import { textIn, untranslated } from '@stagewatch/shared/domain/local-text.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'

/** The names of the stages by code, set so that no two look the same in the room of `maxWidth` letters. */
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

/** What a customer, an owner, a reason or a department is called in the language of the page. */
export function useTranslated(): (text: string) => string {
  const { nameOf } = useText()
  const { translations = {} } = useBoard(keys) ?? {}
  return (text) => {
    const names = Object.hasOwn(translations, text) ? translations[text] : undefined
    return names === undefined ? text : nameOf(names)
  }
}
