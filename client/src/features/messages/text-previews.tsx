import type { TextPreview } from '@stagewatch/shared/contract/message-texts.ts'
import layout from '../../components/layout/layout.module.css'
import { useText } from '../../locales/use-text.ts'
import styles from './messages.module.css'

/** What each kind of channel makes of a text. */
export function TextPreviews({ preview: { order, previews } }: { readonly preview: TextPreview }) {
  const { t } = useText()
  return (
    <section aria-label={t('messages.preview')}>
      <p className={layout['meta']}>
        {order === undefined ? t('messages.madeUp') : t('messages.exampleOf', { order })}
      </p>
      <div className={styles['previews']}>
        {previews.map(({ kind, title, text, isCut }) => (
          <article key={kind} className={styles['preview']} aria-label={t(`messages.kind.${kind}`)}>
            <p className={layout['meta']}>{t(`messages.kind.${kind}`)}</p>
            <strong className={layout['break']}>{title}</strong>
            <pre className={styles['rendered']}>{text}</pre>
            {isCut && <p className={layout['meta']}>{t('messages.cut')}</p>}
          </article>
        ))}
      </div>
    </section>
  )
}
