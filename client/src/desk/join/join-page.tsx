import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useText } from '../../text/use-text.ts'
import { meQuery } from '../api/me.ts'
import { fragmentToken } from '../parts/fragment-token.ts'
import { SignInForm } from '../parts/sign-in-form.tsx'
import { Gate } from '../shell/gate.tsx'
import { JoinAsNew } from './join-as-new.tsx'
import { JoinAsSelf } from './join-as-self.tsx'

/** Accepts an invitation: as who is signed in, as who has an account, or as somebody new. */
export function JoinPage() {
  const { t } = useText()
  const token = fragmentToken(location.hash)
  const me = useQuery(meQuery(undefined))
  const [hasAccount, setHasAccount] = useState(false)
  if (token === undefined) {
    return (
      <Gate title={t('desk.join.title')}>
        <p className="note">{t('desk.join.noToken')}</p>
      </Gate>
    )
  }
  if (me.data?.kind === 'person') {
    return (
      <Gate title={t('desk.join.title')} text={t('desk.join.textSelf', { name: me.data.name })}>
        <JoinAsSelf token={token} />
      </Gate>
    )
  }
  return (
    <Gate title={t('desk.join.title')} text={t(hasAccount ? 'desk.join.textAccount' : 'desk.join.textNew')}>
      {hasAccount ? <SignInForm onDone={() => void me.refetch()} /> : <JoinAsNew token={token} />}
      <Button variant="subtle" fullWidth onClick={() => setHasAccount(!hasAccount)}>
        {t(hasAccount ? 'desk.join.isNew' : 'desk.join.hasAccount')}
      </Button>
    </Gate>
  )
}
