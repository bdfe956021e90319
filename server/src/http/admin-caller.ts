import type { FastifyRequest } from 'fastify'
import { actorOf } from '../access/actor.ts'
import type { Actor } from '../access/actor.ts'
import type { SitePipeline } from '../pipeline.ts'
import { callerOf } from './route-access.ts'
import type { RouteContext } from './route-context.ts'

/** An administrator's request: the site that it is about, and who sends it. */
export interface AdminCaller {
  readonly pipeline: SitePipeline
  /** What is changed is recorded under this name. */
  readonly actor: Actor
}

/** A command may name a site that does not exist yet: its first call creates it. */
export async function adminCaller(
  request: FastifyRequest,
  { sites }: Pick<RouteContext, 'sites'>,
): Promise<AdminCaller> {
  const caller = callerOf(request)
  return { pipeline: await sites.getOrCreate(caller.site), actor: actorOf(caller) }
}
