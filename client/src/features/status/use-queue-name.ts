import { useText } from '../../locales/use-text.ts'

const namedQueues = [
  'alert-order-acknowledgements',
  'alert-hand-overs',
  'alert-messages',
  'alert-steps',
  'approval-moves',
  'approval-steps',
  'customer-digests',
  'customer-news',
  'messages',
  'order-news',
  'tasks',
  'webhook-deliveries',
] as const

/** What people call a queue; a queue without a name is shown by its code. */
export function useQueueName(): (queue: string) => string {
  const { t } = useText()
  return (queue) => {
    const named = namedQueues.find((name) => name === queue)
    return named === undefined ? queue : t(`status.queueName.${named}`)
  }
}
