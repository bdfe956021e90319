import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import card from './card.module.css'
import styles from './dialog.module.css'

interface DialogProps {
  readonly title: string
  /** Also by Esc. */
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What has to be answered before anything else; the browser keeps the focus in it. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const titleId = useId()
  return (
    <dialog
      className={clsx(card['card'], styles['dialog'])}
      ref={showModal}
      aria-labelledby={titleId}
      onClose={onClose}
    >
      <h2 className={card['title']} id={titleId}>
        {title}
      </h2>
      {children}
    </dialog>
  )
}

function showModal(dialog: HTMLDialogElement | null): void {
  if (dialog?.open === false) dialog.showModal()
}
