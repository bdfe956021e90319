/** Texts by name. None of the methods throws. */
export interface PageStorage {
  readonly get: (name: string) => string | null
  readonly set: (name: string, text: string) => void
  readonly remove: (name: string) => void
}

const place = 'stagewatch'

/**
 * Data that a page keeps until the browser's storage is cleared. If the browser refuses to store it (cookies blocked or
 * storage full), it is kept in the page's history entry, which survives a reload.
 */
export const lastingStorage = storageOf(() => localStorage)
/** The same, until the page is closed. */
export const pageSessionStorage = storageOf(() => sessionStorage)

/** Whether stored data survives switching the device off. */
export function keepsForever(): boolean {
  try {
    localStorage.setItem(place, '')
    localStorage.removeItem(place)
    return true
  } catch {
    return false
  }
}

/** Replaces this page by another page of ours and carries over the data kept in the history entry. */
export function openInPlace(address: string): void {
  if (Object.keys(keptInHistory()).length === 0) {
    location.replace(address)
    return
  }
  history.replaceState(history.state, '', address)
  location.reload()
}

/** @param open throws if the browser has blocked the storage. */
function storageOf(open: () => Storage): PageStorage {
  return {
    get(name) {
      const kept = keptInHistory()[name]
      if (kept !== undefined) return kept
      try {
        return open().getItem(name)
      } catch {
        return null
      }
    },
    set(name, text) {
      try {
        open().setItem(name, text)
        keepInHistory(name, undefined)
      } catch {
        keepInHistory(name, text)
      }
    },
    remove(name) {
      keepInHistory(name, undefined)
      try {
        open().removeItem(name)
      } catch {
        // An unreachable storage cannot be read either.
      }
    },
  }
}

function keptInHistory(): Readonly<Record<string, string>> {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !(place in state)) return {}
  const kept: unknown = state[place]
  return typeof kept === 'object' && kept !== null ? (kept as Readonly<Record<string, string>>) : {}
}

function keepInHistory(name: string, text: string | undefined): void {
  const { [name]: before, ...others } = keptInHistory()
  if (before === text) return
  const kept = text === undefined ? others : { ...others, [name]: text }
  history.replaceState({ ...(history.state as object | null), [place]: kept }, '')
}
