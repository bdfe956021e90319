import { useSyncExternalStore } from 'react'

/** The view selected by the address. */
export interface ScanSearch {
  /** Undefined: the person's default site on the server. */
  readonly site?: string | undefined
  /** The currently open order. */
  readonly order?: string | undefined
  readonly view?: 'queue' | undefined
}

const changed = 'stagewatch-scan-search'

export function readScanSearch(search: string): ScanSearch {
  const asked = new URLSearchParams(search)
  return {
    site: asked.get('site') || undefined,
    order: asked.get('order') || undefined,
    view: asked.get('view') === 'queue' ? 'queue' : undefined,
  }
}

export function scanAddress(search: ScanSearch): string {
  const named = Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const query = new URLSearchParams(named).toString()
  return query === '' ? '/scan' : `/scan?${query}`
}

export function useScanSearch(): ScanSearch {
  return readScanSearch(useSyncExternalStore(subscribe, () => location.search))
}

export function goTo(search: ScanSearch): void {
  history.pushState(null, '', scanAddress(search))
  dispatchEvent(new Event(changed))
  scrollTo(0, 0)
}

function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener)
  addEventListener(changed, listener)
  return () => {
    removeEventListener('popstate', listener)
    removeEventListener(changed, listener)
  }
}

/** Address of the sign-in page, which returns to the current view afterwards. */
export function signInAddress(): string {
  return `/sign-in?${new URLSearchParams({ next: location.pathname + location.search }).toString()}`
}
