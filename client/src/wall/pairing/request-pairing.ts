import {
  pairingDone,
  pairingStarted,
  type PairingDone,
  type PairingStarted,
} from '@stagewatch/shared/contract/pairing.ts'
import { problem, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { z } from 'zod'

const answerWithinMs = 10_000
const path = '/api/v1/screens/pairing'

/** The server gave no code, or no token yet; `code` is undefined when it gave no reason or no answer. */
export interface PairingRefused {
  readonly ok: false
  readonly code: ProblemCode | undefined
}

type PairingAnswer<T> = { readonly ok: true; readonly value: T } | PairingRefused

export function requestCode(): Promise<PairingAnswer<PairingStarted>> {
  return post(path, {}, pairingStarted)
}

export function requestToken(deviceCode: string): Promise<PairingAnswer<PairingDone>> {
  const body = JSON.stringify({ deviceCode })
  return post(`${path}/token`, { body, headers: { 'content-type': 'application/json' } }, pairingDone)
}

async function post<T>(address: string, init: RequestInit, answer: z.ZodType<T>): Promise<PairingAnswer<T>> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs)
    const response = await fetch(address, { ...init, method: 'POST', credentials: 'omit', signal })
    const body: unknown = await response.json()
    const value = answer.safeParse(body)
    if (response.ok && value.success) return { ok: true, value: value.data }
    return { ok: false, code: problem.safeParse(body).data?.code }
  } catch {
    return { ok: false, code: undefined }
  }
}
