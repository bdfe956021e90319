import { useEffect, useState } from 'react'

/** A number that increases by one every `cycleMs` while `running`. */
export function useCycle(cycleMs: number, running: boolean): number {
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setTurn((before) => before + 1), cycleMs)
    return () => clearInterval(timer)
  }, [cycleMs, running])
  return turn
}

/**
 * Splits the columns into parts of at most `most` that are shown in turn, as equal as possible. Each part starts with
 * the last stage of the previous one for orientation.
 */
export function stageParts(stages: readonly string[], most: number): string[][] {
  if (stages.length <= most) return [[...stages]]
  const partCount = Math.ceil((stages.length - 1) / (most - 1))
  const size = Math.ceil((stages.length + partCount - 1) / partCount)
  return Array.from({ length: partCount }, (_, part) => {
    const from = Math.min(part * (size - 1), stages.length - size)
    return stages.slice(from, from + size)
  })
}
