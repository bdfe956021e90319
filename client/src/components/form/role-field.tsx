import { NativeSelect } from '@mantine/core'
import { roles, type Role } from '@stagewatch/shared/domain/access/action.ts'
import { useText } from '../../locales/use-text.ts'

interface RoleFieldProps {
  readonly value: Role
  readonly onChange: (role: Role) => void
}

export function RoleField({ value, onChange }: RoleFieldProps) {
  const { t } = useText()
  return (
    <NativeSelect
      label={t('role.label')}
      description={t(`roleText.${value}`)}
      value={value}
      data={roles.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      onChange={({ currentTarget }) => {
        const role = roles.find((each) => each === currentTarget.value)
        if (role !== undefined) onChange(role)
      }}
    />
  )
}
