import { useQuery } from '@tanstack/react-query'
import { useText } from '../locales/use-text.ts'
import { personQuery } from './start-queries.ts'

/** Link to the application for users who have a role. */
export function UserLink() {
  const { t } = useText()
  const { data: person, isPending } = useQuery(personQuery)
  if (isPending) return null
  if (person === null || person === undefined) {
    return (
      <a className="top__person" href="/sign-in">
        {t('start.signIn')}
      </a>
    )
  }
  return (
    <a className="top__person" href="/account">
      <span className="top__wide">{t('start.signedIn')}</span>
      {person.name}
    </a>
  )
}
