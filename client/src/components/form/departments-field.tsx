import { Checkbox, Pill, TagsInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { useDepartmentNames } from '../../api/department-names.ts'
import { useText } from '../../locales/use-text.ts'
import formStyles from './form.module.css'

interface DepartmentsFieldProps {
  /** Undefined: all. Empty until the first one has been chosen. */
  readonly value: readonly string[] | undefined
  readonly onChange: (departments: string[] | undefined) => void
  /** Departments that already exist elsewhere. */
  readonly suggestions: readonly string[]
  /** Whether "all departments" can be chosen. */
  readonly mayBeAll?: boolean
  readonly error?: ReactNode
}

export function DepartmentsField({ value, onChange, suggestions, mayBeAll = true, error }: DepartmentsFieldProps) {
  const { t } = useText()
  const { nameOf, offered } = useDepartmentNames()
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
          data={[...new Set([...suggestions, ...offered])]}
          renderOption={({ option }) => nameOf(option.value)}
          renderPill={({ option, onRemove, disabled = false }) => (
            <Pill withRemoveButton={!disabled} onRemove={() => onRemove?.()}>
              {nameOf(String(option?.value ?? ''))}
            </Pill>
          )}
          onChange={onChange}
          error={error === undefined || error === null ? undefined : t('departments.none')}
          clearButtonProps={{ 'aria-label': t('departments.clear') }}
          acceptValueOnBlur
        />
      )}
    </div>
  )
}
