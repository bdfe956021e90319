import { useTick } from '../../live/use-shown-time.ts'
import { BothLanguages } from './both-languages.tsx'

/** @param expiresAt monotonic ms. */
export function Remaining({ expiresAt }: { readonly expiresAt: number }) {
  const leftS = Math.max(0, Math.ceil((expiresAt - useTick()) / 1_000))
  const time = `${Math.floor(leftS / 60)}:${String(leftS % 60).padStart(2, '0')}`
  return (
    <p className="pairing__remaining">
      <BothLanguages text="pairing.remaining" values={{ time }} />
    </p>
  )
}
