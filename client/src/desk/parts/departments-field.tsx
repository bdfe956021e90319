import { Checkbox, TagsInput } from '@mantine/core'
import { useText } from '../../text/use-text.ts'

interface DepartmentsFieldProps {
  /** Undefined: all. Empty while somebody has yet to name the first one. */
  readonly value: readonly string[] | undefined
  readonly onChange: (departments: string[] | undefined) => void
  /** Departments that are known from elsewhere. */
  readonly suggestions: readonly string[]
  /** Whether all may be chosen. */
  readonly mayBeAll?: boolean
}

export function DepartmentsField({ value, onChange, suggestions, mayBeAll = true }: DepartmentsFieldProps) {
  const { t } = useText()
  return (
    <div className="field-group">
      {mayBeAll && (
        <Checkbox
          label={t('desk.departments.all')}
          checked={value === undefined}
          onChange={({ currentTarget }) => onChange(currentTarget.checked ? undefined : [])}
        />
      )}
      {value !== undefined && (
        <TagsInput
          label={t('desk.departments.label')}
          description={t('desk.departments.hint')}
          value={[...value]}
          data={[...suggestions]}
          onChange={onChange}
          error={value.length === 0 ? t('desk.departments.none') : undefined}
          clearButtonProps={{ 'aria-label': t('desk.departments.clear') }}
          acceptValueOnBlur
        />
      )}
    </div>
  )
}
