import { Button } from '@mantine/core'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'

interface SecretOnceProps {
  readonly title: string
  readonly text: string
  readonly secret: string
  readonly onDone: () => void
}

/** A link or a key that the server shows once; pages that are not served securely have no clipboard and no button. */
export function SecretOnce({ title, text, secret, onDone }: SecretOnceProps) {
  const { t } = useText()
  const [copied, setCopied] = useState(false)
  const copy = () => {
    void navigator.clipboard.writeText(secret).then(() => setCopied(true))
  }
  return (
    <section className="card secret" role="status">
      <h2 className="card__title">{title}</h2>
      <p className="meta">{text}</p>
      <output className="secret__text">{secret}</output>
      <div className="row">
        {isSecureContext && <Button onClick={copy}>{t(copied ? 'start.copied' : 'start.copy')}</Button>}
        <Button variant="default" onClick={onDone}>
          {t('desk.done')}
        </Button>
      </div>
    </section>
  )
}
