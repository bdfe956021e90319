import { useMutation } from '@tanstack/react-query'
import { LogOut } from 'lucide-react'
import { signOut } from '../../api/session.ts'
import { useText } from '../../locales/use-text.ts'
import navItem from './nav-item.module.css'

/** Leaves nothing of the person in the page: what comes next is loaded afresh. */
export function SignOutButton() {
  const { t } = useText()
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => location.assign('/sign-in') })
  return (
    <button type="button" className={navItem['item']} disabled={leave.isPending} onClick={() => leave.mutate()}>
      <LogOut size={22} aria-hidden />
      <span>{t(leave.isError ? 'retry' : 'desk.signOut')}</span>
    </button>
  )
}
