import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { eventLimits } from '@stagewatch/shared/contract/event.ts'

/**
 * The number of the order that a code holds: the address of an order or of this page for one, on whatever host it was
 * printed, or the bare number. Undefined: it holds neither, such as the address of something else.
 */
export function orderOfCode(text: string): string | undefined {
  const code = text.trim()
  if (!/^https?:\/\//i.test(code)) return numberOf(code)
  try {
    return numberOf(orderOfAddress(new URL(code)))
  } catch {
    return undefined
  }
}

/** @throws URIError */
function orderOfAddress({ pathname, searchParams }: URL): string {
  if (/\/scan\/?$/.test(pathname)) return searchParams.get('order') ?? ''
  const [, named = ''] = /\/orders\/([^/]+)\/?$/.exec(pathname) ?? []
  return decodeURIComponent(named)
}

function numberOf(text: string): string | undefined {
  const number = normalIdentifier(text)
  return number === undefined || number === '' || number.length > eventLimits.order ? undefined : number
}
