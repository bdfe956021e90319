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
