import {
  pairingDone,
  pairingStarted,
  type PairingDone,
  type PairingStarted,
} from '@stagewatch/shared/contract/pairing.ts'
import { problemCode, type ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import type { z } from 'zod'
import { ApiError, request } from '../../api/request.ts'

const timeoutMs = 10_000
const path = '/api/v1/screens/pairing'

/** The server issued no code, or no token yet. `code` is undefined if it gave no reason or did not respond. */
export interface PairingRefused {
  readonly ok: false
  readonly code: ProblemCode | undefined
}

type PairingAnswer<T> = { readonly ok: true; readonly value: T } | PairingRefused

export function requestCode(): Promise<PairingAnswer<PairingStarted>> {
  return post(path, undefined, pairingStarted)
}

export function requestToken(deviceCode: string): Promise<PairingAnswer<PairingDone>> {
  return post(`${path}/token`, { deviceCode }, pairingDone)
}

async function post<T>(address: string, body: unknown, response: z.ZodType<T>): Promise<PairingAnswer<T>> {
  try {
    const value = await request({ path: address, method: 'POST', body, response, credentials: 'omit', timeoutMs })
    return { ok: true, value }
  } catch (error) {
    const code = error instanceof ApiError ? problemCode.safeParse(error.code).data : undefined
    return { ok: false, code }
  }
}
