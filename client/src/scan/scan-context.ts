import { orderProgress, type OrderProgress } from '@stagewatch/shared/contract/order-progress.ts'
import { queryOptions } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { ApiError, request } from '../api/request.ts'
import type { ScanDatabase } from './scan-database.ts'
import type { DeviceState, ScanDevice } from './scan-device.ts'
import { timeoutMs } from './send-reports.ts'

interface Scan {
  readonly device: ScanDevice
  readonly database: ScanDatabase | undefined
}

export const ScanContext = createContext<Scan | undefined>(undefined)

export function useScan(): Scan & { readonly state: DeviceState } {
  const scan = useContext(ScanContext)
  if (scan === undefined) throw new Error('the page has no device')
  const state = useSyncExternalStore(scan.device.state.subscribe, scan.device.state.get)
  return { ...scan, state }
}

/** Each site has its own codes; without a site, the phone's key is empty. */
const siteKey = (site: string | undefined): string => site ?? ''

const refetchEveryMs = 15_000

export interface KnownOrder {
  readonly progress: OrderProgress
  /** The network was down: the order comes from the phone's cache. */
  readonly isKept: boolean
}

/** An order as reported by the server, or without a network the last version in the cache. */
export const progressQuery = ({ device, database }: Scan, site: string | undefined, order: string) =>
  queryOptions({
    queryKey: ['progress', site, order],
    queryFn: async ({ signal }): Promise<KnownOrder> => {
      try {
        const path = `/api/v1/orders/${encodeURIComponent(order)}/progress`
        const progress = await request({ path, response: orderProgress, site, signal, timeoutMs })
        device.noteContact(progress.asOf)
        await database?.keepOrder({ site: siteKey(site), order: progress.order, openedAt: Date.now(), progress })
        return { progress, isKept: false }
      } catch (error) {
        if (error instanceof ApiError && error.requestId !== undefined) throw error
        device.noteUnreachable()
        const kept = await database?.order(siteKey(site), order)
        if (kept === undefined) throw error
        return { progress: kept, isKept: true }
      }
    },
    refetchInterval: refetchEveryMs,
    retry: false,
  })
