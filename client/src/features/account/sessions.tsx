import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { serverTime } from '../../api/server-time.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import layout from '../../components/layout/layout.module.css'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { QueryBoundary } from '../../components/query-boundary.tsx'
import { instantText } from '../../format/instant-text.ts'
import { useText } from '../../locales/use-text.ts'
import { endSession, sessionsQuery } from './api.ts'

export function Sessions() {
  const { t, language } = useText()
  const queries = useQueryClient()
  const query = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <QueryBoundary query={query}>
      {(sessions) => (
        <>
          <ul>
            {sessions.map(({ token, userAgent, ipAddress, createdAt, isCurrent }) => (
              <li key={token} className={layout['listRow']}>
                <div>
                  <strong>{deviceName(userAgent ?? '') ?? t('account.unknownDevice')}</strong>
                  <p className={layout['meta']}>
                    {[ipAddress, instantText(createdAt.getTime(), serverTime(query.dataUpdatedAt), language)]
                      .filter((part) => part !== undefined && part !== null && part !== '')
                      .join(' · ')}
                  </p>
                </div>
                {isCurrent ? (
                  <span className={note['badge']}>{t('account.thisBrowser')}</span>
                ) : (
                  <OnlineButton
                    variant="default"
                    loading={end.isPending && end.variables === token}
                    onClick={() => end.mutate(token)}
                  >
                    {t('account.endSession')}
                  </OnlineButton>
                )}
              </li>
            ))}
          </ul>
          <ErrorAlert error={end.error} />
        </>
      )}
    </QueryBoundary>
  )
}

const browsers: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger\//, 'WeChat'],
  [/DingTalk\//, 'DingTalk'],
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** `Chrome, Windows`, derived from a user agent. Undefined: neither the browser nor the system is recognized. */
export function deviceName(userAgent: string): string | undefined {
  const named = [browsers, systems].flatMap((kinds) => kinds.find(([pattern]) => pattern.test(userAgent))?.[1] ?? [])
  return named.length === 0 ? undefined : named.join(', ')
}
