import { changingTopics } from '@stagewatch/shared/contract/live-query.ts'
import type { ChangingTopic, LiveChanges, LiveTree } from '@stagewatch/shared/contract/live-query.ts'
import { useQueryClient } from '@tanstack/react-query'
import { useContext, useEffect } from 'react'
import { LiveContext } from './use-live-query.ts'

/** By topic: the first part of the keys of queries that depend on it. The second part is the site. */
const keys: Readonly<Record<ChangingTopic, readonly string[]>> = {
  tasks: ['tasks'],
  alerts: ['alerts'],
  'alert-rules': ['alert-rules'],
  approvals: ['approvals'],
  handovers: ['handovers'],
  rules: ['processes', 'calendars', 'stages', 'privacy'],
}

/** Minimum interval between two refetches of a topic. */
const minIntervalMs = 1_000

/** Refetches displayed data of the site that has no live query as soon as the server reports a change of it. */
export function useRefetchOnChange(site: string): void {
  const { connection } = useContext(LiveContext)
  const queries = useQueryClient()
  useEffect(() => {
    const changed = new Set<ChangingTopic>()
    const active = new Set<ChangingTopic>()
    let shown: LiveChanges | undefined
    let isOver = false
    // A change during a refetch starts another one: the first may have been answered before the change.
    const refetch = async (topic: ChangingTopic): Promise<void> => {
      if (active.has(topic)) return
      active.add(topic)
      while (changed.delete(topic) && !isOver) {
        await Promise.all(keys[topic].map((key) => queries.invalidateQueries({ queryKey: [key, site] })))
        await new Promise((resolve) => setTimeout(resolve, minIntervalMs))
      }
      active.delete(topic)
    }
    const onTree = (tree: LiveTree): void => {
      const [before, current] = [shown, tree as LiveChanges]
      shown = current
      if (before === undefined) return
      for (const topic of changingTopics) {
        // Another server instance, or a restarted one, has counted only some of the changes.
        if (before.since === current.since && before.counts[topic] === current.counts[topic]) continue
        changed.add(topic)
        void refetch(topic)
      }
    }
    const stop = connection?.watch({ kind: 'changes', search: '' }, { onTree })
    return () => {
      isOver = true
      stop?.()
    }
  }, [connection, queries, site])
}
