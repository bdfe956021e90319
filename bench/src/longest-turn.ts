/**
 * The processor time that the longest turn of the event loop took while the work went on, ms: what the loop is held
 * for on a machine that does nothing else. Of this thread only, so that helpers of the garbage collector do not count.
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
