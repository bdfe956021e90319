/**
 * Lets many callers share runs of `work`, which never run side by side. What a call returns is settled by a run that
 * began after the call: one under way may have read already what the call is about. All calls that come during a run
 * share the next one.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  function start(): Promise<void> {
    const run = work().finally(() => (running = undefined))
    running = run
    return run
  }

  async function startAfter(current: Promise<void>): Promise<void> {
    // Whoever waits for that one hears how it failed.
    await current.catch(() => undefined)
    next = undefined
    await start()
  }

  return () => {
    // First: between the end of a run and the start of the next one, nothing may start in between.
    if (next !== undefined) return next
    if (running === undefined) return start()
    next = startAfter(running)
    return next
  }
}
