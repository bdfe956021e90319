import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useText } from '../../text/use-text.ts'
import { endSession } from '../api/end-session.ts'
import { sessionsQuery } from '../api/sessions.ts'
import { instantText } from '../format/instant-text.ts'
import { ActButton } from '../parts/act-button.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { deviceName } from './device-name.ts'

export function Sessions() {
  const { t, language } = useText()
  const queries = useQueryClient()
  const query = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  return (
    <Loaded query={query}>
      {(sessions) => (
        <>
          <ul className="rows">
            {sessions.map(({ token, userAgent, ipAddress, createdAt, isCurrent }) => (
              <li key={token} className="rows__row">
                <div>
                  <strong>{deviceName(userAgent ?? '') ?? t('desk.account.unknownDevice')}</strong>
                  <p className="meta">
                    {[ipAddress, instantText(createdAt.getTime(), query.dataUpdatedAt, language)]
                      .filter((part) => part !== undefined && part !== null && part !== '')
                      .join(' · ')}
                  </p>
                </div>
                {isCurrent ? (
                  <span className="badge">{t('desk.account.thisBrowser')}</span>
                ) : (
                  <ActButton
                    variant="default"
                    loading={end.isPending && end.variables === token}
                    onClick={() => end.mutate(token)}
                  >
                    {t('desk.account.endSession')}
                  </ActButton>
                )}
              </li>
            ))}
          </ul>
          <ProblemNote error={end.error} />
        </>
      )}
    </Loaded>
  )
}
