import { Switch } from '@mantine/core'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import { useText } from '../../text/use-text.ts'

interface PrivacyFieldsProps {
  readonly value: Privacy
  readonly onChange: (privacy: Privacy) => void
}

export function PrivacyFields({ value, onChange }: PrivacyFieldsProps) {
  const { t } = useText()
  return (
    <div className="field-group">
      <Switch
        label={t('desk.privacy.customers.masked')}
        description={t('desk.privacy.customers.text')}
        checked={value.customers === 'masked'}
        onChange={({ currentTarget }) => onChange({ ...value, customers: currentTarget.checked ? 'masked' : 'shown' })}
      />
      <Switch
        label={t('desk.privacy.amounts.hidden')}
        description={t('desk.privacy.amounts.text')}
        checked={value.amounts === 'hidden'}
        onChange={({ currentTarget }) => onChange({ ...value, amounts: currentTarget.checked ? 'hidden' : 'shown' })}
      />
      <Switch
        label={t('desk.privacy.people.team')}
        description={t('desk.privacy.people.text')}
        checked={value.people === 'team'}
        onChange={({ currentTarget }) => onChange({ ...value, people: currentTarget.checked ? 'team' : 'shown' })}
      />
    </div>
  )
}
