import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { signInElsewhere } from '../api/sign-in-elsewhere.ts'
import { ActButton } from '../parts/act-button.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'

interface SingleSignOnProps {
  /** Of the provider. */
  readonly name: string
  readonly next: string
}

export function SingleSignOn({ name, next }: SingleSignOnProps) {
  const { t } = useText()
  const leave = useMutation({
    mutationFn: () => signInElsewhere(next),
    onSuccess: (address) => location.assign(address),
  })
  return (
    <div className="form gate__part">
      <ActButton fullWidth loading={leave.isPending} onClick={() => leave.mutate()}>
        {t('desk.signIn.with', { name })}
      </ActButton>
      <ProblemNote error={leave.error} />
      <p className="or">{t('desk.signIn.or')}</p>
    </div>
  )
}
