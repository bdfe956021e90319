import { normalIdentifier } from '@stagewatch/shared/domain/identifier.ts'
import { eventLimits } from '@stagewatch/shared/contract/event-limits.ts'

/**
 * The order number in a code: from the URL of an order page or of this page, whatever the host, or the bare number.
 * Undefined if the code has neither, such as an unrelated URL.
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
