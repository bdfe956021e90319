import type { BoardJoin } from '@stagewatch/shared/contract/socket.ts'
import type { Language } from '@stagewatch/shared/domain/locales.ts'
import { pickLanguage } from '@stagewatch/shared/domain/locales.ts'

export interface WallAddress {
  readonly boardId: string
  readonly site: string | undefined
  readonly language: Language
  /** The key in this address; it is stored for next time and removed from the address bar. */
  readonly key: string | undefined
  /** The screen is to be paired, even if it has stored credentials. */
  readonly pair: boolean
  /** The period to replay. Undefined: live. */
  readonly recording: BoardJoin['recording']
}

const usualSpeed = 60

/**
 * Reads `/wall?site=sample&board=overview&lang=zh#key=…`; the key may also be in the query. A recording is requested
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

/** An invalid period is sent anyway, because the server explains what is wrong with it. */
function readRecording(query: URLSearchParams): WallAddress['recording'] {
  const span = query.get('recording')
  if (span === null) return undefined
  // Browsers decode the plus of an offset as a space.
  const [from = Number.NaN, to = Number.NaN] = span.split('/').map((text) => Date.parse(text.replace(' ', '+')))
  return { from, to, speed: Number(query.get('speed') ?? usualSpeed) }
}

/** The same address without the key, so that photos of the screen and referrers do not expose it. */
export function withoutKey(url: URL): URL {
  const clean = new URL(url)
  clean.searchParams.delete('key')
  const fragment = new URLSearchParams(url.hash.slice(1))
  fragment.delete('key')
  clean.hash = fragment.toString()
  return clean
}
