import type { Action } from '@stagewatch/shared/domain/access/action.ts'
import { useQuery } from '@tanstack/react-query'
import { hasManualQuery, manualPath } from '../api/manual.ts'
import { useText } from '../locales/use-text.ts'
import { personQuery } from './start-queries.ts'

const pages = [
  { path: '/screens', text: 'start.screens', about: 'start.screensText', needs: 'screens.read' },
  { path: '/people', text: 'start.people', about: 'start.peopleText', needs: 'people.read' },
  { path: '/keys', text: 'start.keys', about: 'start.keysText', needs: 'keys.manage' },
  { path: '/changes', text: 'start.changes', about: 'start.changesText', needs: 'changes.read' },
] as const satisfies readonly { path: string; text: string; about: string; needs: Action }[]

/** Links to the pages that the signed-in person may manage; empty for everybody else. */
export function DeskLinks() {
  const { t } = useText()
  const mine = useQuery(personQuery).data?.actions ?? []
  const open = pages.filter(({ needs }) => mine.includes(needs))
  if (open.length === 0) return null
  return (
    <section>
      <h2 className="section-title">{t('start.desk')}</h2>
      <ul className="card links">
        {open.map(({ path, text, about }) => (
          <li key={path}>
            <a href={path}>{t(text)}</a>
            <p>{t(about)}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function DocumentationLinks() {
  const { t, language } = useText()
  const hasManual = useQuery(hasManualQuery).data === true
  return (
    <section>
      <h2 className="section-title">{t('start.more')}</h2>
      <ul className="card links">
        {hasManual && (
          <li>
            <a href={manualPath(language)}>{t('start.manual')}</a>
            <p>{t('start.manualText')}</p>
          </li>
        )}
        <li>
          <a href="/docs">{t('start.apiReference')}</a>
          <p>{t('start.apiReferenceText')}</p>
        </li>
        <li>
          <a href="/api/openapi.json">{t('start.openApi')}</a>
          <p>{t('start.openApiText')}</p>
        </li>
      </ul>
    </section>
  )
}
