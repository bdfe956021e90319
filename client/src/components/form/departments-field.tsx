import { Checkbox, Pill, TagsInput } from '@mantine/core'
import { textsOf } from '@stagewatch/shared/domain/departments.ts'
import { useQuery } from '@tanstack/react-query'
import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import { departmentsQuery, useDepartmentNames } from '../../api/department-names.ts'
import { useMe } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import note from '../note.module.css'
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
  const { named, isUnknown } = useNamedDepartments(value !== undefined)
  const unknown = value?.filter(isUnknown) ?? []
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
          data={[...new Set([...suggestions, ...offered, ...named])]}
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
      {unknown.length > 0 && (
        <p className={clsx(note['note'], note['warning'])} role="status">
          {t('departments.unknown', { count: unknown.length, names: unknown.join(t('listComma')) })}
        </p>
      )}
    </div>
  )
}

/** The texts by which orders, stages and people name departments, whether these are managed or not. */
function useNamedDepartments(isNeeded: boolean) {
  const { site, actions, departments: own } = useMe()
  const enabled = isNeeded && actions.includes('team.read')
  const { data } = useQuery({ ...departmentsQuery(site), refetchInterval: false, enabled })
  const named = data?.unmanaged.map(({ text }) => text) ?? []
  const known = new Set([...named, ...(data?.departments.flatMap(textsOf) ?? [])])
  // Only a complete list tells that nobody uses a name: a role for some departments does not see those of others.
  const isComplete = data !== undefined && own === undefined && data.unmanagedTotal === named.length
  return { named, isUnknown: (text: string) => isComplete && !known.has(text) }
}
