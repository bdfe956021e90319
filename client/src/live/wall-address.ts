import type { BoardJoin } from '@stagewatch/shared/contract/socket.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'

export interface WallAddress {
  readonly boardId: string
  readonly site: string | undefined
  readonly language: Language
  /** A key given in this address; it is kept for the next time and taken out of the address bar. */
  readonly key: string | undefined
  /** The screen is to be paired, whatever it has kept. */
  readonly pair: boolean
  /** The past that is to be shown again; undefined: the present. */
  readonly recording: BoardJoin['recording']
}

const usualSpeed = 60

/**
 * Reads `/wall?site=sample&board=overview&lang=zh#key=…`; a key may also stand in the query. A recording is asked for
 * with `recording=2026-11-24T08:00:00+08:00/2026-11-24T16:00:00+08:00&speed=60`.
 */
export function readWallAddress(url: URL, browserLanguage: string): WallAddress {
  const query = url.searchParams
  const fragment = new URLSearchParams(url.hash.slice(1))
  return {
    boardId: query.get('board') || 'overview',
    site: query.get('site') || undefined,
    language: pickLanguage(query.get('lang'), browserLanguage),
    key: fragment.get('key') || query.get('key') || undefined,
    pair: query.has('pair'),
    recording: readRecording(query),
  }
}

/** A span that is none is asked for all the same: the server says what is wrong with it. */
function readRecording(query: URLSearchParams): WallAddress['recording'] {
  const span = query.get('recording')
  if (span === null) return undefined
  // An address bar turns the plus of an offset into a space.
  const [from = Number.NaN, to = Number.NaN] = span.split('/').map((text) => Date.parse(text.replace(' ', '+')))
  return { from, to, speed: Number(query.get('speed') ?? usualSpeed) }
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
