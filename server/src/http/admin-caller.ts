import type { FastifyRequest } from 'fastify'
import type { SitePipeline } from '../pipeline.ts'
import { requestCaller } from './request-caller.ts'
import type { RouteContext } from './route-context.ts'

/** An administrator's request: the site that it is about, and who sends it. */
export interface AdminCaller {
  readonly pipeline: SitePipeline
  /** Name of the key; what is changed is recorded under it. */
  readonly actor: string
}

/** A command may name a site that does not exist yet: its first call creates it. */
export async function adminCaller(
  request: FastifyRequest,
  { access, sites }: Pick<RouteContext, 'access' | 'sites'>,
): Promise<AdminCaller> {
  const caller = await requestCaller(request, 'admin', access)
  return { pipeline: await sites.getOrCreate(caller.site), actor: caller.name }
}
