import { TextInput } from '@mantine/core'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import type { ReactNode } from 'react'
import { useText } from '../../../locales/use-text.ts'
import { useProcess } from '../process-context.ts'
import { useCommittedText, type ReadText } from '../use-committed-text.ts'
import { useReaders } from '../use-readers.ts'
import styles from './inspector.module.css'

interface CommittedFieldProps<Value> {
  readonly label: string
  readonly description?: string | undefined
  readonly text: string
  /** The live value, if it is different. */
  readonly was?: string | undefined
  readonly placeholder?: string | undefined
  readonly list?: string
  readonly read: (text: string) => ReadText<Value>
  readonly onCommit: (value: Value) => void
}

/** A field that commits its value on blur; it is read-only for users with read access only. */
export function CommittedField<Value>(props: CommittedFieldProps<Value>) {
  const { label, description, text, was, placeholder, list, read, onCommit } = props
  const { t } = useText()
  const { dispatch } = useProcess()
  const { input, error } = useCommittedText({ text, read, onCommit })
  return (
    <TextInput
      {...input}
      label={label}
      description={description}
      placeholder={placeholder ?? '—'}
      error={error}
      readOnly={dispatch === undefined}
      autoComplete="off"
      list={list}
      {...(was !== undefined && {
        rightSection: (
          <span className={styles['was']} title={t('processes.wasText', { value: was })}>
            {t('processes.was', { value: was })}
          </span>
        ),
        rightSectionWidth: 'auto',
      })}
    />
  )
}

interface DurationFieldProps {
  readonly label: string
  readonly description?: string | undefined
  readonly value: number | undefined
  readonly was?: string | undefined
  /** Whether the duration is elapsed time, which can be entered in days as well. */
  readonly isNatural?: boolean
  readonly mayBeZero?: boolean
  readonly placeholder?: string
  readonly onChange: (value: number | undefined) => void
}

export function DurationField({ value, isNatural = false, mayBeZero = false, onChange, ...field }: DurationFieldProps) {
  const { t } = useText()
  const { durationText, readDuration } = useReaders()
  return (
    <CommittedField
      placeholder={t('processes.none')}
      {...field}
      text={durationText(value, isNatural)}
      read={(text) => readDuration(text, { mayBeEmpty: true, mayBeZero })}
      onCommit={onChange}
    />
  )
}

interface PercentFieldProps {
  readonly label: string
  readonly description?: string | undefined
  readonly value: number | undefined
  readonly was?: string | undefined
  readonly mayBeEmpty?: boolean
  readonly placeholder?: string
  readonly onChange: (value: number | undefined) => void
}

export function PercentField({ value, mayBeEmpty = false, onChange, ...field }: PercentFieldProps) {
  const { percentText, readPercent } = useReaders()
  return (
    <CommittedField
      {...field}
      text={percentText(value)}
      read={(text) => readPercent(text, mayBeEmpty)}
      onCommit={(ratio) => {
        if (mayBeEmpty || ratio !== undefined) onChange(ratio)
      }}
    />
  )
}

interface NameFieldsProps {
  readonly name: LocalText
  readonly was?: LocalText | undefined
  /** Whether all languages may be empty. */
  readonly mayBeEmpty?: boolean
  readonly onChange: (name: LocalText) => void
}

/** A name in each language of the product; other languages are kept. */
export function NameFields({ name, was, mayBeEmpty = false, onChange }: NameFieldsProps) {
  const { t } = useText()
  return (
    <div className={styles['fields']}>
      {languages.map((code) => (
        <CommittedField
          key={code}
          label={t('processes.nameIn', { language: locales[code].name })}
          text={name[code] ?? ''}
          was={was !== undefined && was[code] !== name[code] ? was[code] : undefined}
          read={(text): ReadText<string> => {
            const words = text.trim().slice(0, 200)
            return words === '' && !mayBeEmpty ? { error: t('fieldProblem.empty') } : { value: words }
          }}
          onCommit={(text) => onChange({ ...name, [code]: text })}
        />
      ))}
    </div>
  )
}

interface SectionProps {
  readonly title: string
  /** Shown beside the title. */
  readonly action?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, action, children }: SectionProps) {
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  )
}
