import { clsx } from 'clsx'
import { useId, type ReactNode } from 'react'
import { missing } from '../../../format/quantity.ts'
import { useCommittedText, type ReadText } from '../use-committed-text.ts'
import styles from './limits-table.module.css'

interface CellProps {
  /** The column and the stage, as the accessible name of the cell. */
  readonly label: string
  /** The live value, if it is different. */
  readonly was: string | undefined
}

interface TextCellProps<Value> extends CellProps {
  readonly text: string
  readonly read: (text: string) => ReadText<Value>
  readonly onCommit: (value: Value) => void
  /** Id of a datalist with common values. */
  readonly list?: string
}

/** A text in the table that is edited in place. */
export function TextCell<Value>({ label, was, text, read, onCommit, list }: TextCellProps<Value>) {
  const { input, error } = useCommittedText({ text, read, onCommit })
  const errorId = useId()
  return (
    <div className={styles['cell']}>
      <span
        className={clsx(styles['sized'], was !== undefined && styles['changed'])}
        data-text={input.value || missing}
      >
        <input
          {...input}
          className={styles['input']}
          aria-label={label}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : errorId}
          placeholder={missing}
          size={1}
          autoComplete="off"
          list={list}
        />
      </span>
      <Was text={was} />
      {error !== undefined && (
        <span id={errorId} className={styles['error']} role="alert">
          {error}
        </span>
      )}
    </div>
  )
}

interface ChoiceCellProps extends CellProps {
  readonly value: string
  readonly children: ReactNode
  readonly text: string
  readonly onChange: (value: string) => void
}

/** A select in the table. @param text label of the chosen option, which determines the width of the cell. */
export function ChoiceCell({ label, was, value, text, children, onChange }: ChoiceCellProps) {
  return (
    <div className={styles['cell']}>
      <span className={clsx(styles['sized'], was !== undefined && styles['changed'])} data-text={text}>
        <select
          className={clsx(styles['input'], styles['select'])}
          aria-label={label}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        >
          {children}
        </select>
      </span>
      <Was text={was} />
    </div>
  )
}

/** A read-only text. */
export function PlainCell({ text, was }: { readonly text: string; readonly was: string | undefined }) {
  return (
    <div className={styles['cell']}>
      <span className={clsx(styles['plain'], was !== undefined && styles['changed'])}>{text}</span>
      <Was text={was} />
    </div>
  )
}

function Was({ text }: { readonly text: string | undefined }) {
  return text === undefined || text === missing ? null : <s className={styles['was']}>{text}</s>
}
