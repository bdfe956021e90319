/**
 * Lets many callers share runs of `work`, which never overlap. A call is settled by a run that starts after the call,
 * because a run in progress may have read its data before the change that the call is about. All calls that arrive
 * during a run share the next one.
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
    // The callers of that run receive its error.
    await current.catch(() => undefined)
    next = undefined
    await start()
  }

  return () => {
    // Checked first, so that nothing starts between the end of a run and the start of the next one.
    if (next !== undefined) return next
    if (running === undefined) return start()
    next = startAfter(running)
    return next
  }
}
