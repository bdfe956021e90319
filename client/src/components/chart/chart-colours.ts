import { useSyncExternalStore } from 'react'

/** Returns a custom property of the theme, named without its dashes, because charts cannot read style sheets. */
export type ChartColours = (token: string) => string

const listeners = new Set<() => void>()
let colours: ChartColours | undefined

/** Returns a new function whenever the theme changes, so that charts are redrawn in its colours. */
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
    // Never disconnected: the theme may change while no chart is mounted.
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

/** Text and background colours that replace the theme's in forced-colors mode. */
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
