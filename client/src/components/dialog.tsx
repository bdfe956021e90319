import { CloseButton, MantineThemeProvider } from '@mantine/core'
import type { MantineThemeOverride } from '@mantine/core'
import { clsx } from 'clsx'
import { useCallback, useId, useMemo, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useText } from '../locales/use-text.ts'
import card from './card.module.css'
import styles from './dialog.module.css'

interface DialogProps {
  readonly title: string
  /** Whether a click outside closes the dialog, for dialogs in which no input would be lost. */
  readonly closesBeside?: boolean
  /** Whether the title is visually hidden because the content makes it obvious. */
  readonly isTitleHidden?: boolean
  readonly className?: string | undefined
  readonly onClose: () => void
  readonly children: ReactNode
}

/**
 * A modal dialog. The focus starts on the element marked with `data-autofocus`, otherwise on the first field, and
 * returns to its previous element on closing.
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
  const [dialog, setDialog] = useState<HTMLDialogElement | null>(null)
  const open = useCallback((element: HTMLDialogElement | null) => {
    setDialog(element)
    return showModal(element)
  }, [])
  const theme = useMemo(() => opensWithin(dialog), [dialog])
  return (
    <dialog
      className={clsx(styles['dialog'], className)}
      ref={open}
      aria-labelledby={titleId}
      data-floats
      onClose={onClose}
      onKeyDown={keepOpen}
      // In browsers without `closedby`, Esc and the button still close the dialog.
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
        <MantineThemeProvider theme={theme}>{children}</MantineThemeProvider>
        <CloseButton className={styles['close']} aria-label={t('desk.close')} onClick={onClose} />
      </div>
    </dialog>
  )
}

/** Esc in an open list of choices closes only the list. */
function keepOpen(event: KeyboardEvent): void {
  const field = event.target instanceof Element ? event.target : undefined
  // A search field whose results are part of the dialog opens no list.
  const isListOpen =
    field?.getAttribute('aria-haspopup') === 'listbox' && field.getAttribute('aria-expanded') === 'true'
  if (event.key === 'Escape' && isListOpen) event.preventDefault()
}

/** Lists of choices open within the dialog: the page behind it can neither be seen in front of it nor clicked. */
function opensWithin(dialog: HTMLDialogElement | null): MantineThemeOverride {
  return dialog === null ? {} : { components: { Portal: { defaultProps: { target: dialog } } } }
}

/** Closes the dialog before it is unmounted, so that the browser restores the focus. */
function showModal(dialog: HTMLDialogElement | null) {
  if (dialog?.open === false) dialog.showModal()
  dialog?.querySelector<HTMLElement>('[data-autofocus]')?.focus()
  return () => dialog?.close()
}
