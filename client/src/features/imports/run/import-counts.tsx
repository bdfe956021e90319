import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'
import styles from './run.module.css'

const counted = ['rows', 'accepted', 'duplicate', 'rejected'] as const
const titles = {
  rows: 'imports.list.rows',
  accepted: 'imports.list.added',
  duplicate: 'imports.list.duplicate',
  rejected: 'imports.list.rejected',
} as const

/** Rows by result so far. */
export function ImportCounts({ counts }: { readonly counts: Pick<ImportView, (typeof counted)[number]> }) {
  const { t, language } = useText()
  return (
    <dl className={styles['counts']}>
      {counted.map((name) => (
        <div key={name}>
          <dt>{t(titles[name])}</dt>
          <dd>{formatCount(counts[name], language)}</dd>
        </div>
      ))}
    </dl>
  )
}
