import { me, type Me } from '@stagewatch/shared/contract/me.ts'

/** Who is signed in; null: nobody, or it cannot be told now. */
export async function loadMe(signal: AbortSignal): Promise<Me | null> {
  const answer = await fetch('/api/v1/me', { headers: { accept: 'application/json' }, signal })
  const body: unknown = await answer.json().catch(() => undefined)
  const found = me.safeParse(body)
  return answer.ok && found.success && found.data.kind === 'person' ? found.data : null
}
