import { useQuery } from '@tanstack/react-query'
import { useText } from '../text/use-text.ts'
import { meQuery } from './start-queries.ts'

/** The way to the pages for those who have a role here. */
export function WhoIsHere() {
  const { t } = useText()
  const { data: person, isPending } = useQuery(meQuery)
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
