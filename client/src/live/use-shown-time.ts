import { useSyncExternalStore } from 'react'
import { shownTime, type ConnectionState, type ShownTime } from './connection-state.ts'
import { useLive } from './live-context.ts'
import { createStore } from './store.ts'

// Four checks per second keep the steps of a seconds display even.
const tickMs = 250

const seconds = createStore(presentSecond())
let listeners = 0
let timer: ReturnType<typeof setInterval> | undefined

/** Re-renders the caller once a second; the value is monotonic ms, rounded down to the second. */
export function useTick(): number {
  return useSyncExternalStore(subscribeToSeconds, currentSecond)
}

export function useConnection(): ConnectionState {
  const { connection } = useLive()
  return useSyncExternalStore(connection.subscribe, connection.get)
}

export function useShownTime(): ShownTime {
  return shownTime(useConnection(), useTick())
}

function subscribeToSeconds(listener: () => void): () => void {
  const leave = seconds.subscribe(listener)
  if (listeners++ === 0) timer = setInterval(look, tickMs)
  look()
  return () => {
    leave()
    if (--listeners === 0) clearInterval(timer)
  }
}

function currentSecond(): number {
  // Without listeners nothing keeps it current, and the first one would render the time at which the last one left.
  if (listeners === 0) look()
  return seconds.get()
}

function look(): void {
  seconds.set(presentSecond())
}

function presentSecond(): number {
  return Math.floor(performance.now() / 1000) * 1000
}
