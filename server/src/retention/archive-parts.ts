import { approvalsPart } from './approvals-part.ts'
import type { ArchivePart } from './archive-part.ts'
import { correctionsPart } from './corrections-part.ts'

/** What follows the events of archived orders to files of their own. */
export const archiveParts: readonly ArchivePart[] = [correctionsPart, approvalsPart]
