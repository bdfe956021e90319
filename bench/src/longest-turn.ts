/**
 * CPU time of the longest turn of the event loop during the work, ms: how long the loop is blocked on an otherwise idle
 * machine. Counts this thread only, so that helper threads of the garbage collector are excluded.
 */
export async function longestTurn(work: () => Promise<unknown>): Promise<number> {
  let isRunning = true
  let longestMs = 0
  let lastMs = threadCpuMs()
  const turn = (): void => {
    const nowMs = threadCpuMs()
    longestMs = Math.max(longestMs, nowMs - lastMs)
    lastMs = nowMs
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  try {
    await work()
  } finally {
    isRunning = false
  }
  return longestMs
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
