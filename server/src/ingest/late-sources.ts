import type { SourceFreshness } from '@stagewatch/shared/contract/board.ts'

/** Sources that have been silent for too long. */
export function lateSources(sources: Readonly<Record<string, SourceFreshness>>): string[] {
  return Object.entries(sources).flatMap(([source, { late }]) => (late ? [source] : []))
}
