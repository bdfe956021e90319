import {
  configDifference,
  siteConfigAnswer,
  type ConfigDifference,
  type SiteConfig,
} from '@stagewatch/shared/contract/site-config.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { request } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'

/** A proposed configuration for the site. */
export interface Proposal {
  /** Name of the file that it comes from. */
  readonly name: string
  /** The content of the file as it is; the server validates it. */
  readonly config: unknown
}

/** A proposal compared with the configuration of the site. */
export interface Comparison {
  readonly proposal: Proposal
  readonly current: SiteConfig
  /** From `current` to the proposal; its version is that of `current`. */
  readonly difference: ConfigDifference
}

const maxCompareAttempts = 3

/** Downloads the configuration of the site. */
export function useExportConfig() {
  const { site } = useMe()
  return useMutation({
    mutationFn: () => request({ path: '/api/v1/admin/config', response: siteConfigAnswer, site }),
  })
}

export function useCompareConfig() {
  const { site } = useMe()
  return useMutation({
    mutationFn: async (proposal: Proposal): Promise<Comparison> => {
      // Both requests must refer to the same version, even if somebody saves in between; the server rejects older ones.
      for (let attempt = 1; ; attempt++) {
        const { config, version } = await request({ path: '/api/v1/admin/config', response: siteConfigAnswer, site })
        const difference = await request({
          path: '/api/v1/admin/config/diff',
          method: 'POST',
          body: proposal.config,
          response: configDifference,
          site,
        })
        if (difference.version === version || attempt === maxCompareAttempts) {
          return { proposal, current: config, difference: { ...difference, version } }
        }
      }
    },
  })
}

/** Applies the proposal, provided that the site's configuration is still the one it was compared with. */
export function useApplyConfig() {
  const { site } = useMe()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ comparison, reason }: { readonly comparison: Comparison; readonly reason: string }) =>
      request({
        path: '/api/v1/admin/config/apply',
        method: 'POST',
        body: { config: comparison.proposal.config, reason },
        version: comparison.difference.version,
        response: configDifference,
        site,
      }),
    // Nearly all pages depend on the configuration, but applying it does not wait until all of them are refetched.
    onSuccess: () => void queries.invalidateQueries(),
  })
}
