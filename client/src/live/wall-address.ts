import type { Language } from '../text/language.ts'
import { pickLanguage } from '../text/language.ts'

export interface WallAddress {
  readonly boardId: string
  readonly site: string | undefined
  readonly language: Language
  /** A key given in this address; it is kept for the next time and taken out of the address bar. */
  readonly key: string | undefined
  /** The screen is to be paired, whatever it has kept. */
  readonly pair: boolean
}

/** Reads `/wall?site=sample&board=overview&lang=zh#key=…`; a key may also stand in the query. */
export function readWallAddress(url: URL, browserLanguage: string): WallAddress {
  const query = url.searchParams
  const fragment = new URLSearchParams(url.hash.slice(1))
  return {
    boardId: query.get('board') || 'overview',
    site: query.get('site') || undefined,
    language: pickLanguage(query.get('lang'), browserLanguage),
    key: fragment.get('key') || query.get('key') || undefined,
    pair: query.has('pair'),
  }
}

/** The same address without the key, so that no photo of the screen and no referrer carries it. */
export function withoutKey(url: URL): URL {
  const clean = new URL(url)
  clean.searchParams.delete('key')
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.delete('key')
  clean.hash = fragment.toString()
  return clean
}
