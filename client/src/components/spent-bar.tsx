import { useText } from '../locales/use-text.ts'
import styles from './spent-bar.module.css'

/** How time was spent. */
export const spentKinds = ['working', 'waiting', 'held', 'unsaid'] as const
export type SpentKind = (typeof spentKinds)[number]

interface SpentBarProps {
  readonly parts: readonly { readonly kind: SpentKind; readonly ms: number }[]
  readonly isSlim?: boolean
}

/** The parts of a time side by side, in proportion. The numbers must be shown beside it. */
export function SpentBar({ parts, isSlim = false }: SpentBarProps) {
  const shown = parts.filter(({ ms }) => ms > 0)
  const total = shown.reduce((sum, { ms }) => sum + ms, 0)
  return (
    <div className={styles['bar']} data-slim={isSlim || undefined} aria-hidden>
      {shown.map(({ kind, ms }) => (
        <span key={kind} className={styles[kind]} style={{ flexGrow: ms / total }} />
      ))}
    </div>
  )
}

/** Name of a part with its pattern. */
export function SpentKey({ kind }: { readonly kind: SpentKind }) {
  const { t } = useText()
  return (
    <span className={styles['key']} data-kind={kind}>
      {t(`order.spent.${kind}`)}
    </span>
  )
}
