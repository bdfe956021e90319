import { CloseButton } from '@mantine/core'
import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import styles from './dialog.module.css'

interface DialogProps {
  readonly title: string
  /** Whether a press beside it closes it: nothing that somebody has entered is lost. */
  readonly closesBeside?: boolean
  /** Whether the title is only heard: what the dialog is about is plain to see. */
  readonly isTitleHidden?: boolean
  readonly className?: string | undefined
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * Above the page, which waits behind it. The focus begins at what is marked with `data-autofocus`, else at its first
 * field, and returns to where it was.
 */
export function Dialog({
  title,
  closesBeside = false,
  isTitleHidden = false,
  className,
  onClose,
  children,
}: DialogProps) {
  const { t } = useText()
  const titleId = useId()
  return (
    <dialog
      className={clsx(styles['dialog'], className)}
      ref={showModal}
      aria-labelledby={titleId}
      data-floats
      onClose={onClose}
      // Browsers that do not know it have Esc and the button.
      {...(closesBeside && { closedby: 'any' })}
    >
      <div className={styles['body']}>
        <h2
          className={isTitleHidden ? 'hidden-text' : clsx(card['title'], styles['title'])}
          id={titleId}
          data-may-truncate={isTitleHidden || undefined}
        >
          {title}
        </h2>
        {children}
        <CloseButton className={styles['close']} aria-label={t('desk.close')} onClick={onClose} />
      </div>
    </dialog>
  )
}

/** Closed before it is gone, so that the browser returns the focus. */
function showModal(dialog: HTMLDialogElement | null) {
  if (dialog?.open === false) dialog.showModal()
  dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  return () => dialog?.close()
}
