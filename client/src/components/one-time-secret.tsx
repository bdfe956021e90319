import { Button } from '@mantine/core'
import { clsx } from 'clsx'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import layout from './layout/layout.module.css'
import styles from './one-time-secret.module.css'
import { useCopy } from './use-copy.ts'

interface OneTimeSecretProps {
  readonly title: string
  readonly text: string
  readonly secret: string
  readonly onDone: () => void
}

/** A link or a key that the server reveals only once. */
export function OneTimeSecret({ title, text, secret, onDone }: OneTimeSecretProps) {
  const { t } = useText()
  const { shown, copy, label } = useCopy<HTMLOutputElement>(secret)
  return (
    <section className={clsx(card['card'], styles['secret'])} role="status">
      <h2 className={card['title']}>{title}</h2>
      <p className={layout['meta']}>{text}</p>
      <output className={styles['text']} ref={shown}>
        {secret}
      </output>
      <div className={layout['row']}>
        <Button onClick={copy}>{t(label)}</Button>
        <Button variant="default" onClick={onDone}>
          {t('desk.done')}
        </Button>
      </div>
    </section>
  )
}
