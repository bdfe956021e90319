import { Checkbox, TagsInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useText } from '../../locales/use-text.ts'
import formStyles from './form.module.css'

interface DepartmentsFieldProps {
  /** Undefined: all. Empty while somebody has yet to name the first one. */
  readonly value: readonly string[] | undefined
  readonly onChange: (departments: string[] | undefined) => void
  /** Departments that are known from elsewhere. */
  readonly suggestions: readonly string[]
  /** Whether all may be chosen. */
  readonly mayBeAll?: boolean
  readonly error?: ReactNode
}

export function DepartmentsField({ value, onChange, suggestions, mayBeAll = true, error }: DepartmentsFieldProps) {
  const { t } = useText()
  return (
    <div className={formStyles['group']}>
      {mayBeAll && (
        <Checkbox
          label={t('departments.all')}
          checked={value === undefined}
          onChange={({ currentTarget }) => onChange(currentTarget.checked ? undefined : [])}
        />
      )}
      {value !== undefined && (
        <TagsInput
          label={t('departments.label')}
          description={t('departments.hint')}
          value={[...value]}
          data={[...suggestions]}
          onChange={onChange}
          error={error === undefined || error === null ? undefined : t('departments.none')}
          clearButtonProps={{ 'aria-label': t('departments.clear') }}
          acceptValueOnBlur
        />
      )}
    </div>
  )
}
