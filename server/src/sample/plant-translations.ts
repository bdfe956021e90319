import { readdirSync, readFileSync } from 'node:fs'
import type { Translations } from '@stagewatch/shared/contract/names.ts'

/** The texts of the events are Chinese; each file contains their translations into the language of its name. */
const folder = new URL('translations/', import.meta.url)

/** Adds the translations of the sample to those that exist already. */
export function withPlantTranslations(known: Translations): Translations {
  const all: Record<string, Record<string, string>> = {}
  for (const file of readdirSync(folder)) {
    const names = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Readonly<Record<string, string>>
    for (const [text, name] of Object.entries(names)) {
      all[text] = { zh: text, ...all[text], [file.replace('.json', '')]: name }
    }
  }
  for (const [text, names] of Object.entries(known)) all[text] = { ...all[text], ...names }
  return all
}
