import type { FastifyRequest } from 'fastify'
import type { Role } from '@stagewatch/shared/domain/access/action.ts'
import { identifyCaller, mayReadOpenly } from '../access/caller.ts'
import type { Caller } from '../access/caller.ts'
import { AppError } from '../platform/app-error.ts'
import type { SitePipeline } from '../sites/site-pipeline.ts'
import type { Site } from '../platform/site.ts'
import { credentialsOf } from '../access/route-access.ts'
import type { AccessRules } from '../access/caller.ts'
import type { SiteRegistry } from '../sites/site-registry.ts'
import type { Identity } from './identity.ts'

export interface VisibleSite {
  readonly site: Site
  /** Undefined if the site is not open, because it has no orders. */
  readonly pipeline?: SitePipeline | undefined
  /** Only for a person who belongs to the site. */
  readonly role?: Role
  /** Whether figures of the whole site may be shown, which is not the case for callers limited to some departments. */
  readonly showsFigures: boolean
}

export interface SiteVisibility {
  readonly identity: Identity
  readonly sites: SiteRegistry
  readonly access: AccessRules
}

/** The caller of a route that is for everyone; undefined for callers that may see nothing but the sample. */
export async function callerIfKnown(
  request: FastifyRequest,
  { access }: Pick<SiteVisibility, 'access'>,
): Promise<Caller | undefined> {
  try {
    return await identifyCaller(credentialsOf(request), access)
  } catch (error) {
    if (error instanceof AppError && (error.code === 'unauthorized' || error.code === 'rate_limited')) return undefined
    throw error
  }
}

/** The sites that a caller may see. */
export async function visibleSites(
  request: FastifyRequest,
  caller: Caller | undefined,
  { identity, sites, access }: SiteVisibility,
): Promise<VisibleSite[]> {
  const person = caller?.kind === 'person' ? await identity.sessions.find(request.headers.cookie ?? '') : undefined
  const memberships = new Map(person?.memberships.map((membership) => [membership.site, membership]))
  const isOpen = mayReadOpenly(credentialsOf(request), access)
  const pipelines = new Map((await sites.list()).map((pipeline) => [pipeline.site.code, pipeline]))
  return sites.known().flatMap((site): VisibleSite[] => {
    const { code, sample } = site
    const pipeline = pipelines.get(code)
    const membership = memberships.get(code)
    const isOpenHere = sample || isOpen
    switch (caller?.kind) {
      case 'operator':
        return [{ site, pipeline, showsFigures: true }]
      case 'key':
      case 'screen':
        if (code !== caller.site) return []
        return [
          { site, pipeline, showsFigures: caller.actions.has('numbers.read') && caller.departments === undefined },
        ]
      default:
        if (membership !== undefined) {
          return [
            { site, pipeline, role: membership.role, showsFigures: isOpenHere || membership.departments === null },
          ]
        }
        return isOpenHere ? [{ site, pipeline, showsFigures: true }] : []
    }
  })
}
