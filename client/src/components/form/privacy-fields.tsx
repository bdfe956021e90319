import { Switch } from '@mantine/core'
import type { Privacy } from '@stagewatch/shared/domain/access/audience.ts'
import { useText } from '../../locales/use-text.ts'
import formStyles from './form.module.css'

interface PrivacyFieldsProps {
  readonly value: Privacy
  readonly onChange: (privacy: Privacy) => void
}

export function PrivacyFields({ value, onChange }: PrivacyFieldsProps) {
  const { t } = useText()
  return (
    <div className={formStyles['group']}>
      <Switch
        label={t('privacy.customers.masked')}
        description={t('privacy.customers.text')}
        checked={value.customers === 'masked'}
        onChange={({ currentTarget }) => onChange({ ...value, customers: currentTarget.checked ? 'masked' : 'shown' })}
      />
      <Switch
        label={t('privacy.amounts.hidden')}
        description={t('privacy.amounts.text')}
        checked={value.amounts === 'hidden'}
        onChange={({ currentTarget }) => onChange({ ...value, amounts: currentTarget.checked ? 'hidden' : 'shown' })}
      />
      <Switch
        label={t('privacy.people.team')}
        description={t('privacy.people.text')}
        checked={value.people === 'team'}
        onChange={({ currentTarget }) => onChange({ ...value, people: currentTarget.checked ? 'team' : 'shown' })}
      />
    </div>
  )
}
