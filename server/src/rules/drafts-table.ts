import type { Queryable } from '@stagewatch/db/database.ts'
import { drizzleOn } from '@stagewatch/db/drizzle-on.ts'
import { processDrafts } from '@stagewatch/db/schema.ts'
import { processDefinition } from '@stagewatch/shared/contract/process.ts'
import { maxDrafts } from '@stagewatch/shared/contract/process-draft.ts'
import type { ProcessDraftRequest } from '@stagewatch/shared/contract/process-draft.ts'
import { and, eq } from 'drizzle-orm'
import type { Actor } from '../access/actor.ts'

/** The draft of a process, and who saved it when. */
export interface StoredDraft extends ProcessDraftRequest {
  /** Epoch ms. */
  readonly savedAt: number
  readonly savedBy: Actor
}

const columns = {
  definition: processDrafts.definition,
  base: processDrafts.base,
  savedAt: processDrafts.savedAt,
  savedBy: { kind: processDrafts.actorKind, name: processDrafts.actor },
}

/** The drafts of a site by the code of the process. */
export async function loadDrafts(db: Queryable, site: string): Promise<StoredDraft[]> {
  const rows = await drizzleOn(db)
    .select(columns)
    .from(processDrafts)
    .where(eq(processDrafts.site, site))
    .orderBy(processDrafts.process)
    .limit(maxDrafts)
  return rows.map(draftOf)
}

export async function loadDraft(db: Queryable, site: string, process: string): Promise<StoredDraft | undefined> {
  const [row] = await drizzleOn(db).select(columns).from(processDrafts).where(ofProcess(site, process))
  return row && draftOf(row)
}

export async function saveDraft(
  tx: Queryable,
  site: string,
  { definition, base, savedAt, savedBy }: StoredDraft,
): Promise<void> {
  const values = { definition, base, savedAt, actorKind: savedBy.kind, actor: savedBy.name }
  await drizzleOn(tx)
    .insert(processDrafts)
    .values({ site, process: definition.code, ...values })
    .onConflictDoUpdate({ target: [processDrafts.site, processDrafts.process], set: values })
}

export async function deleteDraft(tx: Queryable, site: string, process: string): Promise<void> {
  await drizzleOn(tx).delete(processDrafts).where(ofProcess(site, process))
}

/** The part that the version is computed from; author and time do not matter. */
export function contentOf({ definition, base }: ProcessDraftRequest): ProcessDraftRequest {
  return { definition, base }
}

function ofProcess(site: string, process: string) {
  return and(eq(processDrafts.site, site), eq(processDrafts.process, process))
}

function draftOf({ definition, ...row }: Omit<StoredDraft, 'definition'> & { readonly definition: unknown }) {
  return { ...row, definition: processDefinition.parse(definition) }
}
