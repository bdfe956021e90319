import { TextInput } from '@mantine/core'
import type { LocalText } from '@stagewatch/shared/domain/local-text.ts'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import type { ReactNode } from 'react'
import { useText } from '../../locales/use-text.ts'

interface NameFieldsProps {
  readonly value: LocalText
  readonly error?: ReactNode
  readonly onChange: (name: Record<string, string>) => void
}

/** A name in each language of the product; its other languages are kept. */
export function NameFields({ value, error, onChange }: NameFieldsProps) {
  const { t } = useText()
  return languages.map((language, i) => (
    <TextInput
      key={language}
      label={t('department.nameIn', { language: locales[language].name })}
      value={value[language] ?? ''}
      error={i === 0 ? error : undefined}
      onChange={({ currentTarget }) => onChange({ ...value, [language]: currentTarget.value })}
    />
  ))
}

/** The name for the request, without empty languages. */
export function writtenName(name: LocalText): Record<string, string> {
  return Object.fromEntries(Object.entries(name).filter(([, text]) => text.trim() !== ''))
}
