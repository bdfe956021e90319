import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useText } from '../../locales/use-text.ts'
import { ErrorAlert } from '../error-alert.tsx'
import note from '../note.module.css'
import { pushQuery, subscribe, unsubscribe } from './push-subscription.ts'

/** Turns push messages of this browser, shown while the desk is closed, on or off. */
export function PushButton() {
  const { t } = useText()
  const queries = useQueryClient()
  const { data } = useQuery(pushQuery)
  const change = useMutation({
    mutationFn: async (publicKey: string) => {
      if (data?.state !== 'on') return subscribe(publicKey)
      await unsubscribe()
      return true
    },
    onSettled: () => queries.invalidateQueries({ queryKey: pushQuery.queryKey }),
  })
  if (data?.publicKey === undefined || data.state === 'impossible') return null
  const { publicKey } = data
  return (
    <>
      <Button variant="default" fullWidth loading={change.isPending} onClick={() => change.mutate(publicKey)}>
        {t(data.state === 'on' ? 'inbox.pushStop' : 'inbox.push')}
      </Button>
      {change.data === false && (
        <p className={note['note']} role="alert">
          {t('inbox.pushDenied')}
        </p>
      )}
      <ErrorAlert error={change.error} />
    </>
  )
}
