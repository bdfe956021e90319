import { useEffect, useState } from 'react'

/** A number that rises by one every `turnMs` while `running`. */
export function useTurn(turnMs: number, running: boolean): number {
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setTurn((before) => before + 1), turnMs)
    return () => clearInterval(timer)
  }, [turnMs, running])
  return turn
}
