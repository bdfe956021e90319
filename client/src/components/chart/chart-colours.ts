import { useSyncExternalStore } from 'react'

/** The value of a custom property of the theme, named without its dashes; a chart takes none from a style sheet. */
export type ChartColours = (token: string) => string

const listeners = new Set<() => void>()
let colours: ChartColours | undefined

/** Another function whenever the theme changes, so that charts are drawn in its colours. */
export function useChartColours(): ChartColours {
  return useSyncExternalStore(subscribe, currentColours)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function currentColours(): ChartColours {
  if (colours === undefined) {
    colours = readColours()
    // For as long as the page lives: a theme may change while no chart is shown.
    const observer = new MutationObserver(update)
    observer.observe(document.documentElement, { attributeFilter: ['data-theme', 'data-mantine-color-scheme'] })
    matchMedia('(forced-colors: active)').addEventListener('change', update)
  }
  return colours
}

function update(): void {
  colours = readColours()
  for (const listener of listeners) listener()
}

/** What lies on the ground that a device with forced colours chooses, and the ground itself. */
const forcedColours = [
  ['text', 'CanvasText'],
  ['text-2', 'CanvasText'],
  ['surface', 'Canvas'],
] as const

function readColours(): ChartColours {
  const style = getComputedStyle(document.documentElement)
  const read = new Map<string, string>(matchMedia('(forced-colors: active)').matches ? forcedColours : [])
  return (token) => {
    const value = read.get(token) ?? style.getPropertyValue(`--${token}`).trim()
    read.set(token, value)
    return value
  }
}
