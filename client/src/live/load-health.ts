export type Health = 'ready' | 'starting' | 'unreachable'

/** Whether the server can be used now; a server that cannot be reached is an answer too. */
export async function loadHealth(signal: AbortSignal): Promise<Health> {
  try {
    const answer = await fetch('/readyz', { signal })
    return answer.ok ? 'ready' : 'starting'
  } catch (error) {
    if (signal.aborted) throw error
    return 'unreachable'
  }
}
