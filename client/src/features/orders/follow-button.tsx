import { orderFollow, type OrderFollow } from '@stagewatch/shared/contract/order-action.ts'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { BellPlus, BellRing } from 'lucide-react'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'

const pathOf = (order: string) => `/api/v1/orders/${encodeURIComponent(order)}/follow`

const followQuery = (site: string, order: string) =>
  queryOptions({
    queryKey: ['follow', site, order],
    queryFn: ({ signal }) => request({ path: pathOf(order), response: orderFollow, site, signal }),
  })

/** Switches on and off whether the user is notified of what happens to the order. Renders nothing until known. */
export function FollowButton({ order }: { readonly order: string }) {
  const { t } = useText()
  const { site, kind } = useMe()
  const queries = useQueryClient()
  const options = followQuery(site, order)
  const { data } = useQuery({ ...options, enabled: kind === 'person', retry: false })
  const change = useMutation({
    mutationFn: (follows: boolean) =>
      request({ path: pathOf(order), method: follows ? 'POST' : 'DELETE', response: orderFollow, site }),
    onMutate: async (isFollowed) => {
      await queries.cancelQueries({ queryKey: options.queryKey })
      queries.setQueryData<OrderFollow>(options.queryKey, { isFollowed })
    },
    onSuccess: (answer) => queries.setQueryData(options.queryKey, answer),
    onError: () => queries.invalidateQueries({ queryKey: options.queryKey }),
  })
  if (data === undefined) return null
  const { isFollowed } = data
  const Icon = isFollowed ? BellRing : BellPlus
  return (
    <>
      <OnlineButton
        variant="default"
        aria-pressed={isFollowed}
        leftSection={<Icon size={16} aria-hidden />}
        onClick={() => change.mutate(!isFollowed)}
      >
        {t(isFollowed ? 'order.follow.on' : 'order.follow.off')}
      </OnlineButton>
      <ErrorAlert error={change.error} />
    </>
  )
}
