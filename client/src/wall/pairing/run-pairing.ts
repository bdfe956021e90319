import type { PairingDone, PairingStarted } from '@stagewatch/shared/contract/pairing.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { retryDelayMs } from '../../live/connection-transition.ts'
import { requestCode, requestToken } from './request-pairing.ts'

/** The server measures the interval from its previous answer, which may have taken longer than the current one. */
const marginMs = 500
const slowDownMs = 5_000
/** A code may be approved in its last second; a server that is down for longer than this has forgotten the code. */
const overtimeMs = 70_000

/** State of the pairing screen. */
export type PairingState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'refused'; readonly code: ProblemCode | undefined }
  /** `expiresAt` is monotonic ms. */
  | { readonly kind: 'open'; readonly started: PairingStarted; readonly expiresAt: number }

/** Requests codes one after the other until one is approved. Undefined if the signal was aborted. */
export async function runPairing(
  show: (state: PairingState) => void,
  signal: AbortSignal,
): Promise<PairingDone | undefined> {
  while (!signal.aborted) {
    const answer = await requestCode()
    if (signal.aborted) return undefined
    if (answer.ok) {
      const expiresAt = performance.now() + answer.value.expiresInS * 1_000
      show({ kind: 'open', started: answer.value, expiresAt })
      const done = await awaitApproval(answer.value, expiresAt, signal)
      if (done !== undefined) return done
    } else {
      show({ kind: 'refused', code: answer.code })
      await pause(retryDelayMs(answer.code, Math.random()), signal)
    }
  }
  return undefined
}

/** Undefined if the code is void, because it was denied or expired. */
async function awaitApproval(
  { deviceCode, intervalS }: PairingStarted,
  expiresAt: number,
  signal: AbortSignal,
): Promise<PairingDone | undefined> {
  let intervalMs = intervalS * 1_000 + marginMs
  while (performance.now() < expiresAt + overtimeMs) {
    await pause(intervalMs, signal)
    if (signal.aborted) return undefined
    const answer = await requestToken(deviceCode)
    if (answer.ok) return answer.value
    if (answer.code === 'slow_down') intervalMs += slowDownMs
    if (answer.code === 'code_expired') return undefined
  }
  return undefined
}

/** Ends early if the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(end, ms)
  signal.addEventListener('abort', end)
  return promise

  function end(): void {
    clearTimeout(timer)
    // Without this, a screen that stays unpaired for months would add a listener with each poll.
    signal.removeEventListener('abort', end)
    resolve()
  }
}
