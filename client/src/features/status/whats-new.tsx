import { changelogAnswer } from '@stagewatch/shared/contract/versions.ts'
import type { Release } from '@stagewatch/shared/contract/versions.ts'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { versionsQuery } from '../../api/versions.ts'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { useText } from '../../locales/use-text.ts'
import styles from './status.module.css'

const changelogQuery = (site: string, since: string | undefined) =>
  queryOptions({
    queryKey: ['changelog', site, since],
    queryFn: ({ signal }) => {
      const path = `/api/v1/admin/changelog${since === undefined ? '' : `?since=${encodeURIComponent(since)}`}`
      return request({ path, response: changelogAnswer, site, signal })
    },
    staleTime: Infinity,
  })

/** The changelog of this version, since the version that ran before it on this database. */
export function WhatsNew() {
  const { site } = useMe()
  const { data, isPending } = useQuery(versionsQuery(site))
  return isPending ? null : <Changes since={data?.upgrade?.from} />
}

function Changes({ since }: { readonly since: string | undefined }) {
  const { t } = useText()
  const query = useQuery(changelogQuery(useMe().site, since))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    // The link to it was followed before it was there.
    if (location.hash === '#whats-new') heading.current?.scrollIntoView()
  }, [])
  return (
    <section className={card['card']} id="whats-new">
      <h2 className={card['title']} ref={heading}>
        {t('status.whatsNew')}
      </h2>
      {since !== undefined && <p className={layout['meta']}>{t('status.whatsNewSince', { version: since })}</p>}
      <QueryBoundary query={query}>
        {({ releases }) =>
          releases.length === 0 ? (
            <p className={layout['meta']}>{t('status.noChanges')}</p>
          ) : (
            releases.map((release) => <ReleaseNotes key={release.version} release={release} />)
          )
        }
      </QueryBoundary>
    </section>
  )
}

function ReleaseNotes({ release: { version, date, sections } }: { readonly release: Release }) {
  const { t } = useText()
  return (
    <>
      <h3>{date === undefined ? t('status.release', { version }) : t('status.releaseOf', { version, date })}</h3>
      {sections.map(({ title, entries }) => (
        <details key={title} lang="en" className={styles['changes']}>
          <summary>{title}</summary>
          <ul>
            {entries.map((entry) => (
              <li key={entry}>{plainText(entry)}</li>
            ))}
          </ul>
        </details>
      ))}
    </>
  )
}

/** Without the marks of Markdown: names and links are readable as they are. */
function plainText(markdown: string): string {
  return markdown.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/\*\*|`/g, '')
}
