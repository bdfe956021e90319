import type { MessageAttempt } from '@stagewatch/shared/contract/message-log.ts'
import { clsx } from 'clsx'
import layout from '../../components/layout/layout.module.css'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import styles from './channels.module.css'

/** Outcome of a delivery attempt, with the receiver's response. */
export function AttemptText({ attempt, asOf }: { readonly attempt: MessageAttempt; readonly asOf: number }) {
  const { t, language } = useText()
  const { at, result, merged, reason, cause, code, status, answer } = attempt
  // With a code the reason is the message of the provider; without, it is ours and the cause says the same.
  const shown = cause === undefined || code !== undefined ? reason : undefined
  const details = [
    ...(status === undefined ? [] : [t('channels.status', { status })]),
    ...(code === undefined ? [] : [t('channels.code', { code })]),
    ...(merged > 1 ? [t('channels.merged', { count: merged })] : []),
  ]
  return (
    <div>
      <span className={clsx((result === 'refused' || result === 'gave-up') && styles['failed'])}>
        {t(`channels.state.${result}`)}
      </span>{' '}
      <span className={layout['meta']}>{[instantText(at, asOf, language), ...details].join(' · ')}</span>
      {cause !== undefined && <div>{t(`channels.cause.${cause}`)}</div>}
      {shown !== undefined && <div className={clsx(layout['meta'], layout['break'])}>{shown}</div>}
      {answer !== undefined && answer !== '' && <pre className={styles['answer']}>{answer}</pre>}
    </div>
  )
}
