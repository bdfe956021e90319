import { clsx } from 'clsx'
import { useTranslated } from '../../api/translations.ts'
import { StateChips } from '../../components/order/state-chips.tsx'
import { ShortcutHint } from '../../components/shortcuts/key-caps.tsx'
import { useText } from '../../locales/use-text.ts'
import type { Entry } from './entry.ts'
import styles from './palette.module.css'

interface EntryOptionProps {
  readonly id: string
  readonly entry: Entry
  readonly isActive: boolean
  readonly onPoint: () => void
  readonly onRun: () => void
}

export function EntryOption({ id, entry, isActive, onPoint, onRun }: EntryOptionProps) {
  const { text, icon: Icon, order, keys } = entry
  return (
    <button
      type="button"
      id={id}
      ref={isActive ? intoView : undefined}
      role="option"
      aria-selected={isActive}
      tabIndex={-1}
      className={clsx(styles['option'], isActive && styles['active'])}
      onMouseMove={isActive ? undefined : onPoint}
      // Keeps the focus in the input.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onRun}
    >
      {Icon !== undefined && <Icon size={18} className={styles['icon']} aria-hidden />}
      <span className={clsx(styles['text'], order !== undefined && styles['number'])}>{text}</span>
      {order !== undefined && <OrderNote order={order} />}
      {keys !== undefined && <ShortcutHint keys={keys} className={styles['keys']} />}
    </button>
  )
}

function OrderNote({ order }: { readonly order: NonNullable<Entry['order']> }) {
  const { nameOf } = useText()
  const translated = useTranslated()
  const { customer, stage, stageName } = order
  const parts = [
    customer === undefined ? undefined : translated(customer),
    stageName === undefined ? stage : nameOf(stageName),
  ]
  return (
    <>
      <span className={styles['note']} data-may-truncate>
        {parts.filter((part) => part !== undefined).join(' · ')}
      </span>
      <StateChips order={order} />
    </>
  )
}

function intoView(option: HTMLElement | null): void {
  option?.scrollIntoView({ block: 'nearest' })
}
