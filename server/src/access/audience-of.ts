import type { Audience } from '@stagewatch/shared/domain/access/audience.ts'
import { stricterPrivacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Privacy } from '@stagewatch/shared/domain/access/privacy.ts'
import type { Caller } from './caller.ts'

/** What a caller is shown. @param site what the site keeps from everybody but its operator. */
export function audienceOf({ kind, departments, privacy }: Caller, site: Privacy): Audience {
  return { departments, privacy: kind === 'operator' ? privacy : stricterPrivacy(site, privacy) }
}
