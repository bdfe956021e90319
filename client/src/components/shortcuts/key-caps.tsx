import { clsx } from 'clsx'
import { Fragment } from 'react'
import { useText } from '../../locales/use-text.ts'
import { isCharacterShortcut, keyLabels } from './key-press.ts'
import styles from './key-caps.module.css'
import { useCharacterShortcuts } from './use-shortcuts.ts'

/** The keys of a shortcut, labelled as on the keyboard. */
export function KeyCaps({ keys }: { readonly keys: string }) {
  const { t } = useText()
  const isSequence = keys.includes(' ')
  return (
    <span className={styles['caps']}>
      {keyLabels(keys).map((label, place) => (
        <Fragment key={label}>
          {isSequence && place > 0 && <span className={styles['then']}>{t('shortcuts.then')}</span>}
          <kbd className={styles['cap']}>{label}</kbd>
        </Fragment>
      ))}
    </span>
  )
}

interface ShortcutHintProps {
  readonly keys: string
  readonly className?: string | undefined
}

/**
 * Shows the shortcut of a button to sighted users. Hidden on devices without a keyboard and while the shortcut is
 * switched off.
 */
export function ShortcutHint({ keys, className }: ShortcutHintProps) {
  const [areCharactersOn] = useCharacterShortcuts()
  if (!areCharactersOn && isCharacterShortcut(keys)) return null
  return (
    <span className={clsx(styles['hint'], className)} aria-hidden>
      {keyLabels(keys).map((label) => (
        <kbd key={label} className={styles['cap']}>
          {label}
        </kbd>
      ))}
    </span>
  )
}
