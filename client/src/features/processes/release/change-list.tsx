import { missing } from '../../../format/quantity.ts'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import type { ProcessChange } from '../process-changes.ts'
import { useChangeText } from './use-change-text.ts'
import styles from './release.module.css'

/** Longer lists would not be read to the end. */
const mostChanges = 200

/** Describes every change, with the value before and after. */
export function ChangeList({ changes }: { readonly changes: readonly ProcessChange[] }) {
  const { t } = useText()
  const changeText = useChangeText()
  if (changes.length === 0) return <p className={layout['meta']}>{t('processes.noChanges')}</p>
  return (
    <>
      <ul className={styles['changes']}>
        {changes.slice(0, mostChanges).map((change) => {
          const { subject, field, before, after } = changeText(change)
          return (
            <li key={`${subject} ${field}`}>
              <span className={styles['subject']}>
                {subject !== '' && <strong>{subject}</strong>} {field}
              </span>
              {(before !== undefined || after !== undefined) && (
                <span className={styles['values']}>
                  <s>{before ?? missing}</s> <b>{after ?? missing}</b>
                </span>
              )}
            </li>
          )
        })}
      </ul>
      {changes.length > mostChanges && (
        <p className={layout['meta']}>{t('changes.more', { count: changes.length - mostChanges })}</p>
      )}
    </>
  )
}
