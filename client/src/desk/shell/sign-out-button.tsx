import { useMutation } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { signOut } from '../api/sign-out.ts'
import { DeskIcon } from './desk-icon.tsx'

/** Leaves nothing of the person in the page: what comes next is loaded afresh. */
export function SignOutButton() {
  const { t } = useText()
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => location.assign('/sign-in') })
  return (
    <button type="button" className="rail__item" disabled={leave.isPending} onClick={() => leave.mutate()}>
      <DeskIcon name="signOut" />
      <span>{t(leave.isError ? 'start.retry' : 'desk.signOut')}</span>
    </button>
  )
}
