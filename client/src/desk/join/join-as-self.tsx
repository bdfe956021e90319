import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { acceptInvitation } from '../api/accept-invitation.ts'
import { ActButton } from '../parts/act-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

export function JoinAsSelf({ token }: { readonly token: string }) {
  const { t } = useText()
  const join = useMutation({
    mutationFn: () => acceptInvitation({ token }),
    onSuccess: () => location.assign('/account'),
  })
  return (
    <div className="form">
      <ProblemNote error={join.error} />
      <ActButton loading={join.isPending} fullWidth onClick={() => join.mutate()}>
        {t('desk.join.submit')}
      </ActButton>
    </div>
  )
}
