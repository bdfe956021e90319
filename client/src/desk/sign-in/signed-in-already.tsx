import { useText } from '../../text/use-text.ts'

interface SignedInAlreadyProps {
  readonly name: string
  readonly next: string
}

export function SignedInAlready({ name, next }: SignedInAlreadyProps) {
  const { t } = useText()
  return (
    <p className="note">
      {t('desk.signIn.already', { name })} <a href={next}>{t('desk.signIn.goOn')}</a>
    </p>
  )
}
